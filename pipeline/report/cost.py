"""What cells cost, in words that HTML, Markdown and figures share."""

from collections import Counter
from collections.abc import Sequence

from pipeline.analysis.wording import count, listed, number
from pipeline.records import ArmCost, CellCost, CellSummary, Ratio, Record
from pipeline.report.anchors import cell_anchor
from pipeline.report.tables import pair, setting

NOT_TIMED = "Not timed in this run."
_FIRST = ("measured", "noisy", "incomplete", "unsupported")


class CostRow(Record, frozen=True):
    """One cell.  From `examples` on: the baseline's value and the candidate's."""

    anchor: str
    pair: str
    data: str
    setting: str
    verdict: str
    reason: str
    flags: tuple[str, ...]
    step: str
    forward: str
    control: str
    examples: str
    trace: str
    compiling: str
    memory: str
    energy: str
    parameters: str


def cost_rows(summaries: Sequence[CellSummary]) -> tuple[CostRow, ...]:
    """Every cell that was to be timed, what was measured first, and of that the ratio that is furthest from 1."""
    timed = [(item, item.cost) for item in summaries if item.cost]
    return tuple(_row(item, cost) for item, cost in sorted(timed, key=lambda found: _order(found[1])))


def step_ratio(summary: CellSummary) -> str:
    """`step × 0.98 [0.95, 1.01]`, with the verdict where it must not decide anything; "" where nothing was timed."""
    if not summary.cost or "step" not in summary.cost.phases:
        return ""
    told = f"step {ratio(summary.cost.phases['step'].ratio)}"
    return told if summary.cost.verdict == "measured" else f"{told}, {summary.cost.verdict}"


def family_cost(summaries: Sequence[CellSummary]) -> str:
    """What the candidates of one family cost, in a sentence for each pair."""
    costs = [(item, item.cost) for item in summaries if item.cost]
    if not costs:
        return NOT_TIMED
    pairs = dict.fromkeys((item.cell.candidate, item.cell.baseline) for item, _ in costs)
    told = [
        _pair_cost(*names, [cost for item, cost in costs if (item.cell.candidate, item.cell.baseline) == names])
        for names in pairs
    ]
    return " ".join(told)


def ratio(found: Ratio) -> str:
    """`× 1.03 [1.01, 1.05]`."""
    return f"× {number(found.value)} [{number(found.low)}, {number(found.high)}]"


def _pair_cost(candidate: str, baseline: str, costs: Sequence[CellCost]) -> str:
    """The widest range of the measured intervals, and how many cells it leaves out."""
    found = [cost.phases["step"].ratio for cost in costs if cost.verdict == "measured"]
    others = Counter(cost.verdict for cost in costs if cost.verdict != "measured")
    left = listed([f"{amount} {verdict}" for verdict, amount in others.items()])
    if not found:
        return f"{candidate} against {baseline}: no usable timing ({left})."
    low, high = number(min(item.low for item in found)), number(max(item.high for item in found))
    if len(found) == 1:
        told = f"A training step of {candidate} takes {ratio(found[0])} that of {baseline} in the one timed cell"
    else:
        ends = dict.fromkeys(number(of(item.value for item in found)) for of in (min, max))
        told = (
            f"A training step of {candidate} takes × {' to '.join(ends)} that of {baseline} in "
            f"{count(len(found), 'cell')}, intervals from {low} to {high}"
        )
    return f"{told}; besides, {left}." if left else f"{told}."


def _order(cost: CellCost) -> tuple[int, float]:
    step = cost.phases.get("step")
    return _FIRST.index(cost.verdict), -abs(step.ratio.value - 1) if step else 0.0


def _row(summary: CellSummary, cost: CellCost) -> CostRow:
    step, forward = cost.phases.get("step"), cost.phases.get("forward")
    return CostRow(
        anchor=cell_anchor(summary.cell.label),
        pair=pair(summary.cell),
        data=summary.cell.data,
        setting=setting(summary.cell),
        verdict=cost.verdict,
        reason=cost.reason,
        flags=cost.flags,
        step=ratio(step.ratio) if step else "",
        forward=ratio(forward.ratio) if forward else "",
        control=ratio(step.control) if step else "",
        examples=_both(cost.arms, "examples_per_second"),
        trace=_both(cost.arms, "trace_seconds", " s"),
        compiling=_both(cost.arms, "compile_seconds", " s"),
        memory=_both(cost.arms, "peak_bytes", " MiB", 2**20),
        energy=_both(cost.arms, "joules_per_step", " J"),
        parameters=_both(cost.arms, "parameters"),
    )


def _both(arms: Sequence[ArmCost], name: str, unit: str = "", of: int = 1) -> str:
    """`1.2 s, 1.3 s`: baseline, candidate."""
    values = [getattr(arm, name) for arm in arms]
    return ", ".join("not measured" if value is None else f"{number(value / of)}{unit}" for value in values)
