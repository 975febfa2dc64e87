"""Lines of values read one by one: slow, and exact about where a fault is."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import IO, cast

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.data.readers.layout import BLOCK, Kind, Layout
from pipeline.data.readers.place import Place
from pipeline.errors import DataError

SINGLE = "\x1f"  # ASCII's unit separator, in place of a delimiter of two characters
REMEDY = "mend or delete the line; if it is the file's last, the file is cut off: fetch it again"
NOUNS: Mapping[Kind, str] = {
    "number": "a number",
    "integer": "a whole number of 64 bits",
    "truth": "yes or no as the format writes them",
    "text": "text",
    "text8": "text of eight bytes",
    "time": "a time",
}


class SingleDelimiter(io.RawIOBase):
    """A file in which every two delimiters in a row are one `SINGLE`."""

    def __init__(self, file: IO[bytes], delimiter: str) -> None:
        self.file, self.delimiter = file, delimiter.encode()
        self.rest = b""

    def readable(self) -> bool:
        """For `io`: it is."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """For `io`: fills at most the buffer, returns the bytes; 0 is the end."""
        content = self.rest + self.file.read(len(buffer) - len(self.rest))
        if (len(content) - len(content.rstrip(self.delimiter[:1]))) % 2:
            content += self.file.read(1)  # perhaps a delimiter's other half
        content = content.replace(self.delimiter, SINGLE.encode())
        self.rest = content[len(buffer) :]  # at most that byte, and then no half
        content = content[: len(buffer)]
        buffer[: len(content)] = content
        return len(content)


def single(file: IO[bytes], layout: Layout) -> tuple[IO[bytes], str]:
    """The file with delimiters of one character, and that character."""
    if len(layout.delimiter) == 1:
        return file, layout.delimiter
    return cast(IO[bytes], io.BufferedReader(SingleDelimiter(file, layout.delimiter), 1 << 20)), SINGLE


def header_of(place: Place, layout: Layout) -> tuple[int, list[str]]:
    """The number of the first line that isn't blank and the names in it, (1, []) in an empty file."""
    return next(_rows(place, replace(layout, skip=0)), (1, []))


def first_fault(place: Place, layout: Layout, after: int, otherwise: str) -> DataError:
    """What is wrong with the first bad row after so many good ones; `otherwise` if each is right by itself."""
    for line, fields in islice(_rows(place, layout), after, None):
        if what := _fault(fields, layout):
            return DataError(f"{place}:{line}", what, REMEDY)
    return DataError(str(place), otherwise, "check that the file has the format that was named")


def _rows(place: Place, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The fields of every row and the number of its first line, from 1."""
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    with place.open() as file:
        stream, delimiter = single(file, layout)
        text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
        rows = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE)
        for _ in range(layout.skip):
            text.readline()
        line = layout.skip + 1
        usual = csv.field_size_limit(2 * BLOCK)  # the module's, not the reader's
        try:
            for fields in rows:
                if fields:
                    yield line, fields
                line = layout.skip + rows.line_num + 1
        except (csv.Error, UnicodeError) as error:
            raise DataError(f"{place}:{line}", f"is no row of values ({error})", REMEDY) from None
        finally:
            csv.field_size_limit(usual)


def _fault(fields: list[str], layout: Layout) -> str | None:
    if len(fields) != len(layout.kinds):
        return f"{len(fields)} values instead of {len(layout.kinds)}"
    for value, (name, kind) in zip(fields, layout.kinds.items(), strict=True):
        if value in layout.missing:
            if name in layout.required:
                return f"column {name}: is missing"
        elif not _is(value, kind, layout):
            return f"column {name}: {value[:60]!r} is not {NOUNS[kind]}"
    return None


def _is(value: str, kind: Kind, layout: Layout) -> bool:
    try:
        content = value.encode()
        match kind:
            case "number":
                pa.scalar(value.strip()).cast(pa.float64())
            case "integer":
                pa.scalar(value.strip()).cast(pa.int64())
            case "time":
                pc.strptime(value, format=layout.time_format, unit="s")
            case "truth":
                return value in layout.true + layout.false
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return False
    return kind != "text8" or len(content) == 8
