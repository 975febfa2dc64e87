"""Per family the forest plot of its quality, and the learning curves that one would look at first."""

from collections.abc import Mapping, Sequence

from pipeline.analysis.pairing import metrics_in_order
from pipeline.analysis.verdicts import SEVERITY
from pipeline.records import Cell, CellSummary, Run, TrainEvidence
from pipeline.report.figures import Figure, curves, forest
from pipeline.report.tables import pair, slug

MOST_CURVES = 2  # pairs per family
MOST_ON_PAGE = 8
Drawn = tuple[Figure | None, list[tuple[str, list[Figure]]]]


def family_figures(run: Run, summaries: Sequence[CellSummary]) -> dict[str, Drawn]:
    """By family: the forest plot, and for its worst pairs the curves of their worst cell."""
    trained: dict[Cell, list[TrainEvidence]] = {}
    for item in run.evidence:
        if isinstance(item, TrainEvidence):
            trained.setdefault(item.trial.cell, []).append(item)
    families: dict[str, list[CellSummary]] = {}
    for summary in summaries:
        families.setdefault(summary.cell.family, []).append(summary)
    worst_first = sorted(families, key=lambda name: -max(SEVERITY.index(item.verdict) for item in families[name]))
    each = min(MOST_CURVES, max(1, MOST_ON_PAGE // max(1, len(families))))
    with_curves = set(worst_first[:MOST_ON_PAGE])
    return {
        family: _drawn(f"fig-{at}-{slug(family)}", own, trained, each if family in with_curves else 0)
        for at, (family, own) in enumerate(families.items())
    }


def _drawn(
    prefix: str, summaries: Sequence[CellSummary], trained: Mapping[Cell, Sequence[TrainEvidence]], most: int
) -> Drawn:
    worst: dict[str, CellSummary] = {}
    for item in sorted(summaries, key=lambda item: -SEVERITY.index(item.verdict)):
        if item.seeds:
            worst.setdefault(pair(item.cell), item)
    chosen = list(worst.values())[:most]
    drawn = [(item.cell.label, _curves(f"{prefix}-{at}", item, trained[item.cell])) for at, item in enumerate(chosen)]
    return forest(f"{prefix}-forest", summaries), drawn


def _curves(prefix: str, summary: CellSummary, trained: Sequence[TrainEvidence]) -> list[Figure]:
    found = [item for item in trained if item.trial.seed in summary.seeds]
    metric = metrics_in_order(found[0].arms[0])[0]
    return [curves(f"{prefix}-{kind}", metric, found, loss=kind == "loss") for kind in ("loss", "metric")]
