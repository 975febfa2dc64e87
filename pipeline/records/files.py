"""A data set in a user's own files, as a config names it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FileSource:
    """Files and the columns of theirs to train on.  Part of the config schema.

    `test` is a file like `train`; without one, held out are the rows whose `training` column is not above 0, or
    `test_share` of the rows (the last ones of a series).  `format`: the file's name tells it.  `options` are the
    reader's.  `rows`: only the first of each file (0: all).

    `numbers` become vectors, scaled as `scale` says; with `window`, windows of so many time steps, and the next values
    are the targets.  `columns` become ids, each column with its own; `ids` is a column of any number of ids a row, of
    which the first `length` are kept, with `weights` beside them.  `encoding`: "learn" the most frequent `max_size`
    values that occur `min_count` times or more, or "hash" into `buckets`.  `labels` are anomalies, of a series.
    """

    train: str = ""
    test: str = ""
    training: str = ""
    test_share: float = 0.2
    format: str = ""
    member: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    task: str = "binary"
    target: str = ""
    labels: str = ""
    numbers: list[str] = field(default_factory=list)
    scale: str = "standard"
    window: int = 0
    columns: list[str] = field(default_factory=list)
    ids: str = ""
    weights: str = ""
    length: int = 0
    encoding: str = "learn"
    max_size: int = 1_000_000
    min_count: int = 1
    buckets: int = 1_000_000

    @property
    def named(self) -> tuple[str, ...]:
        """Every column of the files that is used."""
        single = (self.ids, self.weights, self.target, self.labels, self.training)
        return (*self.numbers, *self.columns, *(name for name in single if name))
