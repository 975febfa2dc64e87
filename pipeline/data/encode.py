"""Columns as a model takes them: ids from 0, where 0 is missing or never seen, and floats without NaN.  N values.

An encoder is a function from a column's values to as many others.  Those here are frozen, so that they cross process
boundaries, and keep nothing between calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.data.mixing import hashed
from pipeline.data.table import MISSING, Array, Column, Ragged, Table
from pipeline.errors import DataError

Encoder = Callable[[Array], Array]
# Column of the result -> the columns stacked into it, each with its encoder.
Recipe = Mapping[str, Mapping[str, Encoder]]


@dataclass(frozen=True)
class Hashed:
    """Ids 1 .. buckets − 1 by hash, 0 where missing; nothing is learnt, so nothing is unseen.

    The same value gets the same id on every machine.  Give each column a seed of its own.
    """

    buckets: int  # 2 or more, at most 2**31
    seed: int = 0

    def __post_init__(self) -> None:
        if not 2 <= self.buckets <= 2**31:
            raise DataError("Hashed", f"buckets={self.buckets}", "use 2 to 2**31; bucket 0 is for missing values")

    def __call__(self, values_N: Array) -> npt.NDArray[np.int32]:
        """Whole numbers or text."""
        # The upper 32 bits as a fraction of the buckets: Lemire (2019), Fast random integer generation in an interval.
        high_N = hashed(values_N, self.seed) >> np.uint64(32)
        ids_N = (high_N * np.uint64(self.buckets - 1) >> np.uint64(32)).astype(np.int32) + np.int32(1)
        ids_N[is_missing(values_N)] = 0
        return ids_N


@dataclass(frozen=True)
class Standardised:
    """(value − mean) / deviation in float32; missing values become the mean, 0."""

    mean: float
    deviation: float  # above 0

    def __call__(self, values_N: Array) -> npt.NDArray[np.float32]:
        """Numbers."""
        return _filled((_floats(values_N) - self.mean) / self.deviation)


def log_count(values_N: Array) -> npt.NDArray[np.float32]:
    """sign(x) log(1 + |x|) in float32, as Criteo's counts want it, a few of which are negative; missing becomes 0."""
    numbers_N = _floats(values_N)
    return _filled(np.copysign(np.log1p(np.abs(numbers_N)), numbers_N))


def as_float(values_N: Array) -> npt.NDArray[np.float32]:
    """Numbers as they are, in float32; missing becomes 0."""
    return _filled(_floats(values_N))


def is_missing(values_N: Array) -> npt.NDArray[np.bool_]:
    """True for NaN, `MISSING` and the empty text."""
    missing_N: npt.NDArray[np.bool_]
    match values_N.dtype.kind:
        case "f":
            missing_N = np.isnan(values_N)
        case "S":
            # The first byte: comparing texts is ten times slower.
            bytes_N = np.ascontiguousarray(values_N).view(np.uint8)
            missing_N = bytes_N.reshape(len(values_N), values_N.dtype.itemsize)[:, 0] == 0
        case _:
            missing_N = values_N == MISSING
    return missing_N


def encode(table: Table, recipe: Recipe) -> Table:
    """A column (N, k) of every k columns that are stacked; a single ragged column stays ragged.

    Raises DataError for a ragged column among several.
    """
    return Table({name: _stacked(table, parts) for name, parts in recipe.items()})


def _stacked(table: Table, parts: Mapping[str, Encoder]) -> Column:
    ragged = [name for name in parts if isinstance(table[name], Ragged)]
    if not ragged:
        return np.stack([encoder(table[name]) for name, encoder in parts.items()], axis=1)
    if len(parts) > 1:
        raise DataError("recipe", f"column {ragged[0]} is ragged and can't be stacked", "give it a name of its own")
    column: Ragged = table[ragged[0]]
    return column.map(parts[ragged[0]])


def _floats(values_N: Array) -> npt.NDArray[np.float64]:
    numbers_N: npt.NDArray[np.float64] = values_N.astype(np.float64)
    numbers_N[is_missing(values_N)] = np.nan
    return numbers_N


def _filled(numbers_N: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.where(np.isnan(numbers_N), 0.0, numbers_N).astype(np.float32)
