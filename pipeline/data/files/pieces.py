"""The rows of a user's files, and which of them are to learn from.  R rows of a piece."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.data.mixing import hashed, uniform
from pipeline.data.readers.place import Place
from pipeline.data.readers.registry import detect, open_table
from pipeline.data.table import Ragged, Table
from pipeline.errors import DataError
from pipeline.records import FileSource

SPLIT_SEED = 1


@dataclass(frozen=True)
class Piece:
    """Rows of a file; `first` is the number of the first of them, from 0."""

    path: str
    table: Table
    first: int
    training_R: npt.NDArray[np.bool_]


def pieces(source: FileSource) -> Iterator[Piece]:
    """The training file's, then the test file's, if there is one; of the columns that are used.

    Raises DataError: file, line and column of what is malformed; a column that isn't there, or isn't what it is said to
    be; at the end, that there are no rows to learn from, or none held out.
    """
    by_order = source.window and not source.test and not source.training
    whole = sum(len(table) for table in tables(source, source.train)) if by_order else 0
    files = [(source.train, False), *([(source.test, True)] if source.test else [])]
    learnt = held_out = 0
    for path, held in files:
        first = 0
        for table in tables(source, path):
            training_R = _training(source, held, table, np.arange(first, first + len(table)), whole)
            yield Piece(path, table, first, training_R)
            first += len(table)
            learnt, held_out = learnt + int(training_R.sum()), held_out + int((~training_R).sum())
    if not learnt or not held_out:
        what = f"{learnt} training rows and {held_out} held out"
        raise DataError(source.train, what, "give some of both: see test, training and test_share")


def tables(source: FileSource, path: str) -> Iterator[Table]:
    """The file, or its first rows."""
    place = Place(Path(path), source.member or None)
    format = source.format or detect(place)
    read = open_table(path, format, member=source.member or None, **_options(source, format))
    for table in _first(read, source.rows):
        missing = [name for name in source.named if name not in table.columns]
        if missing:
            raise DataError(str(place), f"has no column {missing[0]!r}", f"use some of {', '.join(table.columns)}")
        yield _checked(Table({name: table[name] for name in source.named}), source, str(place))


def _checked(table: Table, source: FileSource, where: str) -> Table:
    """Raises DataError for a column that can't be what the source says it is."""
    for name, column in table.columns.items():
        values = column.values_V if isinstance(column, Ragged) else column
        kind, ragged = values.dtype.kind, values is not column
        if name not in (source.ids, source.weights) and ragged:
            raise DataError(where, f"column {name} has any number of values a row", "name it with ids and length")
        if name not in (*source.numbers, source.ids, source.weights) and values.ndim > 1:
            raise DataError(where, f"column {name} has several values a row", "name it among numbers")
        if name in (*source.numbers, source.weights, source.training) and kind == "S":
            remedy = f"name it among columns, or read it as a number: options: {{kinds: {{{name}: number}}}} (csv)"
            raise DataError(where, f"column {name} is text, not numbers", remedy)
        if name in (*source.columns, source.ids) and kind not in "iuS":
            remedy = "name it among numbers, or read it as text or integer"
            raise DataError(where, f"column {name} is neither whole numbers nor text", remedy)
    return table


def _options(source: FileSource, format: str) -> dict[str, Any]:
    """Only what is used is read where a format can choose; numbers are read as numbers where a format can't tell."""
    options = dict(source.options)
    if format in ("csv", "parquet"):
        options.setdefault("columns", [*source.named])
    if format == "csv":
        learnt = [source.target] if source.target and source.task != "classification" else []
        flags = [name for name in (source.labels, source.training) if name]
        options["kinds"] = dict.fromkeys([*source.numbers, *learnt, *flags], "number") | dict(options.get("kinds", {}))
    return options


def _first(read: Iterable[Table], rows: int) -> Iterator[Table]:
    """So many rows, or all (0)."""
    done = 0
    for table in read:
        yield table.rows(slice(rows - done)) if rows else table
        done += len(table)
        if rows and done >= rows:
            return


def _training(
    source: FileSource, held: bool, table: Table, numbers_R: npt.NDArray[np.int64], whole: int
) -> npt.NDArray[np.bool_]:
    training_R: npt.NDArray[np.bool_]
    if source.test:
        training_R = np.full(len(table), not held)
    elif source.training:
        training_R = table[source.training] > 0
    elif source.window:
        training_R = numbers_R < whole * (1 - source.test_share)
    else:
        training_R = uniform(hashed(numbers_R, SPLIT_SEED)) >= source.test_share
    return training_R
