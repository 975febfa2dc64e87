"""npz: numpy arrays in a zip, each a column; the first axis is the row.  Read in pieces, also where it is packed."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from math import prod
from typing import IO

import numpy as np

from pipeline.data.readers.place import Place
from pipeline.data.table import MOST_ROW, Array, Table, at_once
from pipeline.errors import DataError

HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


@dataclass(frozen=True)
class Stream:
    """An array whose values are still to be read."""

    file: IO[bytes]
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]

    @property
    def row_bytes(self) -> int:
        """Of one row."""
        return prod(self.shape[1:]) * self.dtype.itemsize


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """Raises DataError: arrays of different lengths, of Python objects or in Fortran's order; a damaged file."""
    with place.open() as file, ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(file))
        streams = {
            name.removesuffix(".npy"): _stream(stack.enter_context(_opened(archive, name, place)), place, name)
            for name in archive.namelist()
        }
        lengths = {name: stream.shape[0] for name, stream in streams.items()}
        if len({*lengths.values()}) > 1:
            raise DataError(str(place), f"arrays of different lengths: {lengths}", "give all of them the same")
        row_bytes = sum(stream.row_bytes for stream in streams.values())
        if streams and not row_bytes:  # then the file's size says nothing of how many there are
            raise DataError(str(place), "has rows of 0 bytes", "give it an array with values")
        step = at_once(chunk_rows, row_bytes)
        for start in range(0, max(lengths.values(), default=0), step):
            yield Table({name: _chunk(stream, start, step, place) for name, stream in streams.items()})


def _opened(archive: zipfile.ZipFile, name: str, place: Place) -> IO[bytes]:
    try:
        return archive.open(name)
    except RuntimeError as error:  # it wants a password, or a packing that Python lacks
        raise DataError(str(place), f"{name} can't be unpacked ({error})", "write it with numpy.savez") from None


def _stream(file: IO[bytes], place: Place, name: str) -> Stream:
    try:
        shape, fortran, dtype = HEADERS[np.lib.format.read_magic(file)](file)
    except (ValueError, KeyError) as error:
        raise DataError(str(place), f"{name} is no array ({error})", "write it with numpy.savez") from None
    stream = Stream(file, shape, dtype)
    if what := _misfit(stream, fortran):
        raise DataError(str(place), f"{name} has {what}", "save it as numpy.ascontiguousarray of numbers")
    return stream


def _misfit(stream: Stream, fortran: bool) -> str:
    """What can't be read by rows; "" if all can."""
    if stream.dtype.hasobject:
        return "Python objects"
    if not stream.shape or min(stream.shape) < 0:
        return "no rows"
    if fortran and len(stream.shape) > 1:
        return "Fortran's order"
    return f"rows of {stream.row_bytes} bytes" if stream.row_bytes > MOST_ROW else ""


def _chunk(stream: Stream, start: int, chunk_rows: int, place: Place) -> Array:
    shape = (min(chunk_rows, stream.shape[0] - start), *stream.shape[1:])
    content = stream.file.read(prod(shape) * stream.dtype.itemsize)
    if len(content) < prod(shape) * stream.dtype.itemsize:
        raise DataError(str(place), "an array is cut off", "write the file again")
    return np.frombuffer(content, stream.dtype).reshape(shape).astype(stream.dtype.newbyteorder("="), copy=False)
