"""libsvm and libffm: `label index:value …` and `label field:index:value …`, # begins a comment.

label float64; index (and field) ragged int64 from 0; value ragged float64.  T tokens of all rows together.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.data.readers.arrow import to_column
from pipeline.data.readers.delimited import read_batches
from pipeline.data.readers.layout import Layout
from pipeline.data.readers.place import Place
from pipeline.data.table import Array, Ragged, Table
from pipeline.errors import DataError

# Every line is one value: no other delimiter can stand in it.
LAYOUT = Layout(kinds={"line": "text"}, delimiter="\x1f", quoted=False)
MOST_BASE = 2**31


def read_libsvm(place: Place, *, chunk_rows: int, base: int = 1) -> Iterator[Table]:
    """`base` is the file's first index, usually 1.

    Raises DataError with file and line: a label, index or value that is no number, a part too many, an index below
    the base.
    """
    return _read(place, chunk_rows, ("index", "value"), base)


def read_libffm(place: Place, *, chunk_rows: int, base: int = 0) -> Iterator[Table]:
    """`base` is the file's first index and field, usually 0.  Raises DataError as `read_libsvm` does."""
    return _read(place, chunk_rows, ("field", "index", "value"), base)


def _read(place: Place, chunk_rows: int, parts: tuple[str, ...], base: int) -> Iterator[Table]:
    if abs(base) > MOST_BASE:
        raise DataError(str(place), f"base={base} is no first index", f"use {-MOST_BASE} to {MOST_BASE}")
    done = 0
    for batch in read_batches(place, LAYOUT, chunk_rows):
        try:
            table = _parsed(batch.column("line"), parts, base)
        except ValueError as error:  # Arrow's own is one
            raise _first_fault(place, parts, base, done, str(error)) from None
        done += len(batch)
        if len(table):
            yield table


def _parsed(lines: pa.StringArray, parts: tuple[str, ...], base: int) -> Table:
    text = pc.ascii_trim_whitespace(pc.replace_substring_regex(lines, "#.*", ""))
    tokens = pc.ascii_split_whitespace(text.filter(pc.not_equal(text, "")))
    counts_R = tokens.value_lengths().to_numpy()
    ends_R1 = np.concatenate([[0], np.cumsum(counts_R, dtype=np.int64)])
    tokens_T = tokens.flatten()
    is_label_T = np.zeros(len(tokens_T), dtype=np.bool_)
    is_label_T[ends_R1[:-1]] = True
    pieces = pc.split_pattern(tokens_T.filter(pa.array(~is_label_T)), ":")
    if not np.all(pieces.value_lengths().to_numpy() == len(parts)):
        raise ValueError(f"a feature is not {':'.join(parts)}")
    pieces = pieces.flatten()
    offsets_R1 = ends_R1 - np.arange(len(ends_R1))  # without the labels
    columns = {
        part: Ragged(offsets_R1, _piece(pieces.take(pa.array(np.arange(place, len(pieces), len(parts)))), part, base))
        for place, part in enumerate(parts)
    }
    return Table({"label": to_column(tokens_T.filter(pa.array(is_label_T)).cast(pa.float64())), **columns})


def _piece(text: pa.StringArray, part: str, base: int) -> Array:
    if part == "value":
        return to_column(text.cast(pa.float64()))  # type: ignore[return-value]
    ids: Array = text.cast(pa.int64()).to_numpy() - base
    if np.any(ids < 0):
        raise ValueError(f"{part} below {base}")
    return ids


def _first_fault(place: Place, parts: tuple[str, ...], base: int, after: int, otherwise: str) -> DataError:
    """Slow: parses line by line, after so many good ones that aren't empty, until one can't be."""
    remedy = "mend the line; if the file counts from another number, say so with base=…"
    with place.open() as file:
        lines = ((number, line) for number, line in enumerate(file, start=1) if line.strip(b"\r\n"))
        for number, line in islice(lines, after, None):
            try:
                _parsed(pa.array([line.decode().rstrip("\r\n")], pa.string()), parts, base)
            except ValueError as error:
                return DataError(f"{place}:{number}", str(error), remedy)
    return DataError(str(place), otherwise, remedy)
