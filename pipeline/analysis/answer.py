"""The answer to a claim."""

from pipeline.records import Record


class Answer(Record, frozen=True):
    """What the evidence says; an empty sentence: nothing.  `missing` is what this run left out."""

    sentence: str = ""
    missing: str = ""
    cells: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
