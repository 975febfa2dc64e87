"""Which trials and certificates stand on the page: all of them, unless the page would grow beyond use."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.analysis.verdicts import SEVERITY
from pipeline.records import Cell, CellSummary, CertifyEvidence, ExampleTrial, Run, Trial
from pipeline.report.trials import TrialRow

MOST_TRIALS = 300
MOST_CERTIFICATES = 12
MOST_CELLS = 80
_Kind = tuple[str, Cell | None]


def chosen_trials(run: Run, rows: Sequence[TrialRow]) -> tuple[TrialRow, ...]:
    """In the plan's order: what did not end well, then the first of each cell and kind, the second, and so on."""
    seen: Counter[_Kind] = Counter()
    ranked = []
    for at, (trial, row) in enumerate(zip(run.plan.trials, rows, strict=True)):
        kind = _kind(trial)
        ranked.append((row.outcome == "done", seen[kind], at))
        seen[kind] += 1
    return tuple(rows[at] for at in sorted(at for *_, at in sorted(ranked)[:MOST_TRIALS]))


def of_cells(run: Run, rows: Sequence[TrialRow]) -> Mapping[Cell, list[Trial]]:
    """The trials of each cell that have a row."""
    on_page = {row.id for row in rows}
    found: dict[Cell, list[Trial]] = {}
    for trial in run.plan.trials:
        if trial.id in on_page and not isinstance(trial, ExampleTrial):
            found.setdefault(trial.cell, []).append(trial)
    return found


def chosen_cells(summaries: Sequence[CellSummary]) -> frozenset[Cell]:
    """Those that are shown one by one, the worst first; the matrix has all."""
    worst_first = sorted(summaries, key=lambda item: -SEVERITY.index(item.verdict))
    return frozenset(item.cell for item in worst_first[:MOST_CELLS])


def whole_certificates(found: Sequence[CertifyEvidence]) -> frozenset[str]:
    """The ids of those that are shown whole, the worst first."""
    worst_first = sorted(found, key=lambda item: -SEVERITY.index(item.certificate.verdict))
    return frozenset(item.trial.id for item in worst_first[:MOST_CERTIFICATES])


def _kind(trial: Trial) -> _Kind:
    return type(trial).__name__, None if isinstance(trial, ExampleTrial) else trial.cell
