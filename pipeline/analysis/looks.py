"""The looks at a cell whose seeds are added until it is decided, and which cells want more."""

from collections.abc import Sequence

from pipeline.analysis.multiplicity import shares
from pipeline.analysis.pairing import PairedCell
from pipeline.analysis.wording import listed
from pipeline.records import Cell, CellSummary


def looks_taken(paired: PairedCell, looks: Sequence[int]) -> tuple[tuple[int, float], ...]:
    """(How many of the cell's seeds with evidence it has, its share of the level) of each look taken.

    Without looks there is one, at what is there.  A look is taken when each of its seeds gave evidence: to test
    before, and again when a seed that failed has been retried, would be a look that was not planned.
    """
    if not looks:
        return ((len(paired.evidence), 1.0),)
    done = [at for at in looks if at <= len(paired.planned) and not _lacking(paired, at)]
    return tuple(zip(done, shares(looks), strict=False))


def waiting(paired: PairedCell, looks: Sequence[int]) -> str:
    """Which look of a cell has begun and can't be judged yet, as a sentence; "" if none."""
    open_ones = [at for at in looks if at <= len(paired.planned) and _lacking(paired, at)]
    if not open_ones:
        return ""
    lacking = _lacking(paired, open_ones[0])
    gives = "gives" if len(lacking) == 1 else "give"
    noun = "seed" if len(lacking) == 1 else "seeds"
    return f"Waiting: the look at {open_ones[0]} seeds is judged when {noun} {listed(lacking)} {gives} evidence."


def _lacking(paired: PairedCell, at: int) -> list[int]:
    """The seeds of a look without evidence."""
    return [seed for seed in paired.planned[:at] if seed not in paired.seeds]


def wanting_seeds(summaries: Sequence[CellSummary]) -> tuple[Cell, ...]:
    """The cells that more seeds may decide.  A certificate has decided some whatever their seeds say."""
    return tuple(item.cell for item in summaries if item.verdict == "inconclusive" and item.needs_seeds)
