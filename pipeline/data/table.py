"""A piece of a data set: named columns of equal length.  R rows, V values of all rows together.

Three kinds of value, each with its own way to say "missing": floats (NaN), whole numbers (`MISSING`), and text as
UTF-8 bytes (empty).  A column's first axis is the row; images and vectors have more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MISSING = np.iinfo(np.int64).min
MOST_ROW = 1 << 28  # bytes; a file that says more of one row is damaged


@dataclass(frozen=True)
class Ragged:
    """A column with any number of values a row: row r has `values_V[offsets_R1[r] : offsets_R1[r + 1]]`."""

    offsets_R1: npt.NDArray[np.int64]  # R + 1 of them, the first is 0, the last is V
    values_V: Array

    def __len__(self) -> int:
        return len(self.offsets_R1) - 1

    @property
    def lengths_R(self) -> npt.NDArray[np.int64]:
        """How many values each row has."""
        return np.diff(self.offsets_R1)

    def __getitem__(self, rows: slice | Array) -> "Ragged":
        starts, lengths = self.offsets_R1[:-1][rows], self.lengths_R[rows]
        offsets = _offsets(lengths)
        # Value number v of the result stands as far behind its row's start as it stands behind its new row's.
        places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
        return Ragged(offsets, self.values_V[places])

    def map(self, change: Callable[[Array], Array]) -> "Ragged":
        """The same rows, their values changed one by one."""
        return Ragged(self.offsets_R1, change(self.values_V))


Column = Array | Ragged


@dataclass(frozen=True)
class Table:
    """Rows that are read, encoded and batched together; every column has the same number of them."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    def rows(self, chosen: slice | Array) -> "Table":
        """Those rows, as a slice or by number, in that order."""
        return Table({name: column[chosen] for name, column in self.columns.items()})


def at_once(rows: int, row_bytes: int) -> int:
    """As many rows, or fewer where they would take more than 64 MiB; at least one."""
    return min(rows, max(1, (64 << 20) // max(1, row_bytes)))


def concatenate(tables: Sequence[Table]) -> Table:
    """One table of all their rows.  They have the same columns; there is at least one."""
    if len(tables) == 1:
        return tables[0]
    return Table({name: _joined([table[name] for table in tables]) for name in tables[0].columns})


def _joined(parts: Sequence[Any]) -> Column:
    if not isinstance(parts[0], Ragged):
        return np.concatenate(parts)
    offsets = _offsets(np.concatenate([part.lengths_R for part in parts]))
    return Ragged(offsets, np.concatenate([part.values_V for part in parts]))


def _offsets(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
