"""What TensorBoard shows of time trials: blocks as curves, what setting up took, and what a cell's arms cost."""

from collections.abc import Iterable, Iterator

import numpy as np

from pipeline.analysis.timing import CANDIDATE, interval
from pipeline.records import PHASES, CellCost, CellSummary, Phase, TimeEvidence
from pipeline.tensorboard.arm import Series
from pipeline.tensorboard.texts import table_cell

CHARTS = tuple(f"timing/{phase}_us" for phase in PHASES[::-1])  # TensorBoard 2.21 shows the last one first
AGAIN = "again"  # what the control, the baseline a second time, adds to its style
_MIB = 2**20
_HEADER = (
    "| cell | timing | step, candidate ÷ baseline | forward pass | baseline ÷ itself | processes | why |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)


def arm_names(evidence: TimeEvidence) -> list[str]:
    """What the runs of its arms are called: baseline, candidate, control."""
    styles = [arm.style for arm in evidence.arms]
    return [*styles[:-1], f"{styles[-1]}-{AGAIN}"]


def arm_series(evidence: TimeEvidence, arm: int) -> dict[str, Series]:
    """By block, from 1 and counted over all arms, the median microseconds of a step; once, what setting up took."""
    about = evidence.arms[arm]
    found: dict[str, Series] = {
        f"timing/{phase}_us": {
            number: float(np.median(block.step_us))
            for number, block in enumerate(evidence.phases[phase].blocks, start=1)
            if block.arm == arm
        }
        for phase in PHASES
    }
    found["set_up/build_seconds"] = {0: about.build_seconds}
    found |= {f"set_up/trace_seconds/{phase}": {0: about.trace_seconds[phase]} for phase in PHASES}
    found |= {f"set_up/first_call_seconds/{phase}": {0: about.first_seconds[phase]} for phase in PHASES}
    if about.peak_bytes is not None:
        found["set_up/peak_mib"] = {0: about.peak_bytes / _MIB}
    return found


def cell_series(found: Iterable[TimeEvidence], cost: CellCost) -> dict[str, Series]:
    """Candidate over baseline: by process, the ratio of their median steps; and over all, with its interval."""
    shown: dict[str, Series] = {}
    for phase in PHASES:
        shown[f"ratio_by_process/{phase}"] = {item.trial.process: _ratio(item, phase) for item in found}
    for phase, of_phase in cost.phases.items():
        for name, ratio in (("ratio", of_phase.ratio), ("control", of_phase.control)):
            lines = {"": ratio.value, "_low": ratio.low, "_high": ratio.high}
            shown |= {f"{name}/{phase}{line}": {cost.processes: value} for line, value in lines.items()}
    return shown


def cost_table(summaries: Iterable[CellSummary]) -> str:
    """One row per timed cell, as Markdown; "" if none was."""
    rows = "".join(_row(item.cell.label, item.cost) for item in summaries if item.cost)
    return _HEADER + rows if rows else ""


def _row(label: str, cost: CellCost) -> str:
    named, reason = table_cell(label), table_cell(cost.reason)
    return f"| {named} | **{cost.verdict}** | {' | '.join(_ratios(cost))} | {cost.processes} | {reason} |\n"


def _ratios(cost: CellCost) -> Iterator[str]:
    if cost.phases:
        yield interval(cost.phases["step"].ratio)
        yield interval(cost.phases["forward"].ratio)
        yield interval(cost.phases["step"].control)
    else:
        yield from ("–", "–", "–")


def _ratio(item: TimeEvidence, phase: Phase) -> float:
    baseline, candidate = (
        float(np.median([us for block in item.phases[phase].blocks if block.arm == arm for us in block.step_us]))
        for arm in (0, CANDIDATE)
    )
    return candidate / baseline
