"""The looks at a cell whose seeds are added until it is decided, and which cells want more."""

from collections.abc import Sequence

from pipeline.analysis.multiplicity import shares
from pipeline.analysis.pairing import PairedCell
from pipeline.records import Cell, CellSummary


def looks_taken(paired: PairedCell, looks: Sequence[int]) -> tuple[tuple[int, float], ...]:
    """(How many of the cell's seeds with evidence it has, its share of the level) of each look taken.

    Without looks there is one, at what is there.  A look is taken when each of its seeds has ended: to test before
    would be a look that was not planned.
    """
    if not looks:
        return ((len(paired.evidence), 1.0),)
    done = [at for at in looks if at <= len(paired.planned) and not set(paired.planned[:at]) & set(paired.unfinished)]
    return tuple(
        (len(set(paired.planned[:at]) & set(paired.seeds)), share)
        for at, share in zip(done, shares(looks), strict=False)
    )


def wanting_seeds(summaries: Sequence[CellSummary]) -> tuple[Cell, ...]:
    """The cells that more seeds may decide.  A certificate has decided some whatever their seeds say."""
    return tuple(item.cell for item in summaries if item.verdict == "inconclusive" and item.needs_seeds)
