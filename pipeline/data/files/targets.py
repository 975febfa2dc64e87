"""What is to be learnt, from a user's column.  N values, K classes."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.data.encode import is_missing
from pipeline.data.table import Array

MOST_CLASSES = 10_000


class RowError(ValueError):
    """What is wrong with the value of a row, whose number counts from 0."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(row, what)
        self.row, self.what = row, what


def yes_or_no(values_N: Array) -> npt.NDArray[np.int32]:
    """1 for numbers above 0, else 0.  Raises RowError for what is missing, or no number."""
    return (_complete(_numbers(values_N)) > 0).astype(np.int32)


def rating(values_N: Array) -> npt.NDArray[np.float32]:
    """Numbers as they are, in float32.  Raises RowError for what is missing, or no number."""
    return _complete(_numbers(values_N)).astype(np.float32)


@dataclass(frozen=True)
class ClassNumbers:
    """Each class by its place among the sorted ones.  Raises RowError for one that isn't among them, or missing."""

    classes_K: Array

    def __call__(self, values_N: Array) -> npt.NDArray[np.int32]:
        """Whole numbers, text, or numbers."""
        _complete(values_N)
        place_N = np.minimum(np.searchsorted(self.classes_K, values_N), len(self.classes_K) - 1)
        unknown_N = self.classes_K[place_N] != values_N
        if unknown_N.any():
            row = int(unknown_N.argmax())
            raise RowError(row, f"has the class {values_N[row].item()!r}, which no training row has")
        return place_N.astype(np.int32)


@dataclass
class Classes:
    """Learns the classes there are.  Raises RowError for more than `MOST_CLASSES`."""

    _found: list[Array] = field(default_factory=list)

    def add(self, values_N: Array) -> None:
        """Whole numbers, text, or numbers."""
        self._found = [np.unique(np.concatenate([*self._found, values_N[~is_missing(values_N)]]))]
        if len(self._found[0]) > MOST_CLASSES:
            raise RowError(len(values_N) - 1, f"has more than {MOST_CLASSES} classes by now")

    def encoder(self) -> ClassNumbers:
        """Of what was seen."""
        return ClassNumbers(self._found[0])


def _numbers(values_N: Array) -> Array:
    if values_N.dtype.kind == "S":
        raise RowError(0, "is text, not a number")
    return values_N


def _complete(values_N: Array) -> Array:
    missing_N = is_missing(values_N)
    if missing_N.any():
        raise RowError(int(missing_N.argmax()), "is missing")
    return values_N
