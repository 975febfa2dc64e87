"""Encoders learnt from a training stream, in one pass and bounded memory.  N values of a chunk, V different ones."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.data.distinct import distinct
from pipeline.data.encode import Encoder, Standardised, is_missing
from pipeline.data.table import Array, Ragged, Table
from pipeline.data.vocabulary import Vocabulary

E_co = TypeVar("E_co", bound=Encoder, covariant=True)


class Learner(Protocol[E_co]):
    """Sees a column chunk by chunk, then gives its encoder."""

    def add(self, values_N: Array) -> None:
        """More of the column."""

    def encoder(self) -> E_co:
        """What the values so far teach."""


def learn(tables: Iterable[Table], learners: Mapping[str, Learner[E_co]]) -> dict[str, E_co]:
    """The encoder of each column that has a learner.  Show it training rows only."""
    for table in tables:
        for name, learner in learners.items():
            column = table[name]
            learner.add(column.values_V if isinstance(column, Ragged) else column)
    return {name: learner.encoder() for name, learner in learners.items()}


@dataclass
class Moments:
    """Mean and deviation (over n) of what isn't missing.

    Chunks are merged as in Chan, Golub, LeVeque (1983), so that no digits cancel.
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0  # the sum of squared distances from the mean

    def add(self, values_N: Array) -> None:
        """Numbers."""
        numbers_N = values_N[~is_missing(values_N)].astype(np.float64)
        if not len(numbers_N):
            return
        mean = float(numbers_N.mean())
        total, distance = self.count + len(numbers_N), mean - self.mean
        self.squares += float(np.square(numbers_N - mean).sum()) + distance**2 * self.count * len(numbers_N) / total
        self.mean += distance * len(numbers_N) / total
        self.count = total

    def encoder(self) -> Standardised:
        """A column of equal values, or of none, has deviation 1."""
        return Standardised(self.mean, math.sqrt(self.squares / max(1, self.count)) or 1.0)


@dataclass
class Counts:
    """How often each value occurs; the rarest are forgotten when there are more than `capacity` of them.

    Exact, and so the same for any order of the rows, up to `capacity` different values.  Above that no count is too
    high, and none is too low by more than the values seen over `capacity`: Misra, Gries (1982), Finding repeated
    elements, merged in batches (Agarwal et al. 2012, Mergeable summaries).
    """

    max_size: int  # of the vocabulary, without id 0
    min_count: int = 1
    capacity: int = 4_000_000
    undercount: int = 0
    _values_V: Array | None = None
    _counts_V: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _waiting: list[tuple[Array, npt.NDArray[np.int64]]] = field(default_factory=list)

    def add(self, values_N: Array) -> None:
        """Whole numbers or text."""
        values_V, place_N = distinct(values_N[~is_missing(values_N)])
        self._waiting.append((values_V, np.bincount(place_N, minlength=len(values_V))))
        # Merging costs as much as is known already: wait until there is as much to merge.
        if sum(len(values) for values, _ in self._waiting) > max(len(self._counts_V), 1 << 16):
            self._merge()

    def encoder(self) -> Vocabulary:
        """The most frequent values, ids from 1 in the order of their counts, then of the values."""
        self._merge()
        if self._values_V is None:
            return Vocabulary(np.zeros(0, np.int64), undercount=0)
        enough_V = self._counts_V >= self.min_count
        values_V, counts_V = self._values_V[enough_V], self._counts_V[enough_V]
        order = np.argsort(-counts_V, kind="stable")[: self.max_size]
        return Vocabulary(values_V[order], undercount=self.undercount)

    def _merge(self) -> None:
        known = [] if self._values_V is None else [(self._values_V, self._counts_V)]
        parts = [part for part in (*known, *self._waiting) if len(part[0])]
        self._waiting = []
        if not parts:
            return
        values_V, place_N = np.unique(np.concatenate([values for values, _ in parts]), return_inverse=True)
        counts_V = np.zeros(len(values_V), np.int64)
        np.add.at(counts_V, place_N, np.concatenate([counts for _, counts in parts]))
        if len(values_V) > self.capacity:
            least = int(np.partition(counts_V, -self.capacity - 1)[-self.capacity - 1])
            self.undercount += least
            kept_V = counts_V > least
            values_V, counts_V = values_V[kept_V], counts_V[kept_V] - least
        self._values_V, self._counts_V = values_V, counts_V
