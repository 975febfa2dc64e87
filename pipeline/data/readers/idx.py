"""idx, the format of MNIST and its relatives: a magic number, the sizes, the values, most significant byte first.

values (R, …) in the file's type.
"""

from collections.abc import Iterator, Mapping
from math import prod
from typing import IO

import numpy as np

from pipeline.data.readers.place import Place
from pipeline.data.table import MOST_ROW, Table, at_once
from pipeline.errors import DataError

TYPES: Mapping[int, str] = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """Raises DataError: wrong magic number, fewer or more bytes than the sizes say."""
    with place.open() as file:
        dtype, (rows, *shape) = _header(file, place)
        size = dtype.itemsize * prod(shape)
        if not 0 < size <= MOST_ROW:
            raise DataError(str(place), f"says that a row has {size} bytes", "check the path and the format")
        step = at_once(chunk_rows, size)
        for start in range(0, rows, step):
            count = min(step, rows - start)
            content = file.read(count * size)
            if len(content) < count * size:
                what = f"{start + len(content) // size} whole rows instead of {rows}: it is cut off"
                raise DataError(str(place), what, "fetch it again")
            values = np.frombuffer(content, dtype).reshape(count, *shape)
            yield Table({"values": values.astype(dtype.newbyteorder("="))})
        if file.read(1):
            raise DataError(str(place), f"goes on after its {rows} rows", "fetch it again")


def _header(file: IO[bytes], place: Place) -> tuple[np.dtype[np.generic], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or magic[3] == 0:
        raise DataError(str(place), f"begins with {magic.hex(' ')}, which is not idx", "check the path and the format")
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(str(place), "ends within its header", "fetch it again")
    return np.dtype(TYPES[magic[2]]), tuple(np.frombuffer(sizes, ">u4").tolist())
