"""How the claim that both styles cost the same is answered, from the cells that were timed."""

from collections import Counter
from collections.abc import Sequence

from pipeline.analysis.answer import Answer
from pipeline.analysis.wording import count, listed
from pipeline.records import CellCost, CellSummary, Run

MOST = 6  # cells told one by one


def costs(_run: Run, summaries: Sequence[CellSummary]) -> Answer:
    """C10: the step's time, candidate over baseline, of every cell that was timed; compile seconds and memory."""
    timed = [(item, item.cost) for item in summaries if item.cost and "step" in item.cost.phases]
    if not timed:
        return Answer(missing="timing trials (timing.processes in the config)")
    verdicts = Counter(cost.verdict for _, cost in timed)
    told = listed([f"{number} {verdict}" for verdict, number in verdicts.items()])
    shown = "; ".join(_cell(item, cost) for item, cost in timed[:MOST])
    more = f"; and {count(len(timed) - MOST, 'cell')} more" if len(timed) > MOST else ""
    return Answer(
        f"{count(len(timed), 'cell')} timed: {told}. A training step of the candidate takes, of the baseline's time: "
        f"{shown}{more}.",
        cells=tuple(item.cell.label for item, _ in timed),
        missing="" if verdicts["measured"] else f"a quiet machine: {_reasons(timed)}",
    )


def _cell(item: CellSummary, cost: CellCost) -> str:
    ratio = cost.phases["step"].ratio
    compile_seconds = [arm.compile_seconds for arm in cost.arms]
    first = f", first call {compile_seconds[1]:.2g} s against {compile_seconds[0]:.2g} s" if cost.arms else ""
    noisy = ", noisy" if cost.verdict == "noisy" else ""
    where = f"{item.cell.family} on {item.cell.data} under {item.cell.strategy.label}"
    return f"{where} ×{ratio.value:.3f} ({ratio.low:.3f} to {ratio.high:.3f}{noisy}{first})"


def _reasons(timed: Sequence[tuple[CellSummary, CellCost]]) -> str:
    return listed(list(dict.fromkeys(cost.reason for _, cost in timed if cost.reason)))
