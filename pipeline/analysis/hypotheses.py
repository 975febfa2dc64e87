"""What a run tests, and how it keeps one error rate over all of it.

A metric of a cell has two hypotheses: "it differs beyond the margin", whose rejection is the claim "equivalent", and
"it differs by no more than the margin", whose rejection is the claim "different".  Each kind is one family over all
metrics of all cells of the run: with probability 1 - LEVEL no claim of a kind is false in the whole run.

Not tested: cells whose arms ended with the same bits, and certificates.  Neither is a sample of anything.  What was
planned and gave no number stays in the family, as a hypothesis that can't be rejected: a metric that is not finite is
one, and so is a cell of which no seed ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.analysis.looks import looks_taken
from pipeline.analysis.margins import beyond_margin_p, margin_of, within_p
from pipeline.analysis.multiplicity import holm, over_looks, shares
from pipeline.analysis.pairing import PairedCell, PairedMetric
from pipeline.analysis.statistics import LEVEL
from pipeline.records import Cell, Run

_MISSING = (1.0, 1.0)


@dataclass(frozen=True)
class Hypotheses:
    """The p values of a metric's two claims, to compare with LEVEL; and what one more test of each would be left with.

    Without arguments: what was not tested.
    """

    equivalent_p: float = 1.0
    different_p: float = 1.0
    equivalent_level: float = LEVEL
    different_level: float = LEVEL


def hypotheses_of(run: Run, cells: Sequence[PairedCell]) -> Mapping[tuple[Cell, str], Hypotheses]:
    """By cell and metric.  Raises EvidenceError if a metric lacks its margin."""
    names: list[tuple[Cell, str]] = []
    p_values: list[tuple[float, float]] = []
    for paired in cells:
        if paired.bitwise:
            continue
        names += [(paired.cell, metric.name) for metric in paired.metrics] or [(paired.cell, "")]
        p_values += [_p_values(metric, paired, run) for metric in paired.metrics] or [_MISSING]
    equivalent, different = (holm([pair[claim] for pair in p_values]) for claim in (0, 1))
    last = shares(run.looks)[-1] if run.looks else 1.0
    levels = [LEVEL * last / max(1, sum(p > LEVEL for p in family)) for family in (equivalent, different)]
    return {name: Hypotheses(*adjusted, *levels) for name, *adjusted in zip(names, equivalent, different, strict=True)}


def _p_values(metric: PairedMetric, paired: PairedCell, run: Run) -> tuple[float, float]:
    """Of "equivalent" and "different", over the looks taken."""
    if not metric.finite:
        return _MISSING
    margin = margin_of(metric.name, run.margins, paired.cell.label)
    looks = [(metric.first(seeds), share) for seeds, share in looks_taken(paired, run.looks)]
    return (
        over_looks((within_p(seen, margin), share) for seen, share in looks),
        over_looks((beyond_margin_p(seen, margin), share) for seen, share in looks),
    )
