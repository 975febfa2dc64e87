"""Arrays in .npy files that grow by rows, so that no one needs to know beforehand how many there will be."""

from pathlib import Path

import numpy as np
import numpy.typing as npt


class NpyWriter:
    """A file for rows like those of `like`: of their type and, but for the first axis, their shape."""

    def __init__(self, path: Path, like: npt.NDArray[np.generic]) -> None:
        self._dtype, self._shape = like.dtype, like.shape[1:]
        self._file = path.open("wb")
        self.rows = 0
        self._write_header()

    def write(self, values: npt.NDArray[np.generic]) -> None:
        """More rows.  Raises ValueError where they are of another type or shape."""
        if (values.dtype, values.shape[1:]) != (self._dtype, self._shape):
            raise ValueError(f"{values.dtype} {values.shape[1:]} after {self._dtype} {self._shape}")
        self._file.write(np.ascontiguousarray(values).data)
        self.rows += len(values)

    def close(self) -> None:
        """Writes the number of rows into the header, which numpy makes long enough for any."""
        with self._file:
            self._file.seek(0)
            self._write_header()

    def _write_header(self) -> None:
        header = {"descr": self._dtype.str, "fortran_order": False, "shape": (self.rows, *self._shape)}
        np.lib.format.write_array_header_1_0(self._file, header)
