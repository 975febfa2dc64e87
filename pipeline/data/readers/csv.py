"""CSV, and the same with any other delimiter."""

import io
from collections.abc import Iterator, Mapping, Sequence

from pipeline.data.readers.delimited import read_delimited
from pipeline.data.readers.layout import Kind, Layout
from pipeline.data.readers.lines import header_of
from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError

DELIMITERS = frozenset(map(chr, range(1, 128))) - {'"', "\n", "\r"}


def read(
    place: Place,
    *,
    chunk_rows: int,
    kinds: Mapping[str, Kind] | None = None,
    columns: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    delimiter: str = ",",
    missing: Sequence[str] = ("",),
    encoding: str = "utf-8",
    time_format: str = "%Y-%m-%d %H:%M:%S",
) -> Iterator[Table]:
    """Columns are text but for those of `kinds`: nothing is guessed, so that all chunks of a file are alike.

    `columns` are the ones to read, in the file's order; `names` stand for the header that a file lacks; `time_format`
    is as strptime has it.  Raises DataError: a column that isn't there, a bad name or delimiter, an unknown encoding.
    """
    if delimiter[:1] not in DELIMITERS or delimiter not in (delimiter[0], 2 * delimiter[0]):
        remedy = "use one character of ASCII, no quote or line end, or the same one twice"
        raise DataError(str(place), f"can't be cut at {delimiter!r}", remedy)
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)
    except (LookupError, ValueError):
        raise DataError(str(place), f"unknown encoding {encoding!r}", "use one that Python knows: utf-8") from None
    line, header = (
        (0, [*names]) if names else header_of(place, Layout(kinds={}, delimiter=delimiter, encoding=encoding))
    )
    kinds = kinds or {}
    _check(header, {*kinds, *(columns or ())}, where=f"{place}:{line or 1}")
    layout = Layout(
        kinds={name: kinds.get(name, "text") for name in header},
        delimiter=delimiter,
        skip=line,
        missing=tuple(missing),
        encoding=encoding,
        time_format=time_format,
    )
    return read_delimited(place, layout, chunk_rows, columns)


def _check(header: Sequence[str], wanted: set[str], *, where: str) -> None:
    bad = [name for name in header if header.count(name) > 1 or not name.isprintable()]
    if bad:
        remedy = "give it another name; if there is no header, give all names with names=[…]"
        raise DataError(where, f"column {bad[0]!r}: named twice, or unprintable", remedy)
    unknown = sorted(wanted - {*header})
    if unknown:
        raise DataError(where, f"has no column {unknown[0]!r}", f"use some of {', '.join(header)}")
