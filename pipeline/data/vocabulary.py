"""Values by number.  N values of a column, V in the vocabulary."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.data.distinct import distinct
from pipeline.data.table import Array


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Value `values_V[i]` has id i + 1; what is missing or isn't there has id 0.

    `undercount`: the counts by which the values were chosen may be too low by that much (0: they are exact).
    """

    values_V: Array
    undercount: int = 0

    @property
    def size(self) -> int:
        """Ids there are, 0 among them: the rows that an embedding table needs."""
        return len(self.values_V) + 1

    def __call__(self, values_N: Array) -> npt.NDArray[np.int32]:
        """Whole numbers or text, as they were learnt."""
        if not len(self.values_V):
            return np.zeros(len(values_N), np.int32)
        different, place_N = distinct(values_N)  # a frequent value is searched for once
        order_V, sorted_V = self._sorted
        found = np.minimum(np.searchsorted(sorted_V, different), len(sorted_V) - 1)
        ids = np.where(sorted_V[found] == different, order_V[found] + 1, 0).astype(np.int32)
        return ids[place_N]

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], Array]:
        order_V = np.argsort(self.values_V)
        return order_V, self.values_V[order_V]
