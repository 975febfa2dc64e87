"""Where a file's bytes are: a file, or a member of a zip; either may be packed with gzip."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pipeline.errors import DataError

# What unpacking raises; a zip's names and numbers may be damaged too.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, UnicodeDecodeError, struct.error)
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Place:
    """`member` is a path inside the zip at `path`, None where `path` is the file itself."""

    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.member is None else f"{self.path}: {self.member}"

    @property
    def name(self) -> str:
        """The file's own name, without `.gz`."""
        return Path(self.member or self.path).name.removesuffix(".gz")

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes, unpacked; gzip is known by its magic number, not by the file's name.

        Raises DataError, also while the bytes are read: no such file or member, no permission, damaged zip or gzip.
        """
        if "\0" in str(self):
            raise DataError(repr(str(self)), "is no path", "leave out the NUL")
        try:
            with ExitStack() as stack:
                yield self._unpacked(stack)
        except FileNotFoundError:
            raise DataError(str(self), "does not exist", "check the path") from None
        except DAMAGED as error:
            raise DataError(str(self), f"is damaged ({error})", "fetch it again") from None
        except OSError as error:
            raise DataError(str(self), f"can't be read ({error.strerror or error})", "check the path") from None

    def _unpacked(self, stack: ExitStack) -> IO[bytes]:
        file: IO[bytes]
        if self.member is None:
            file = stack.enter_context(self.path.open("rb"))
        else:
            file = stack.enter_context(self._in_zip(stack.enter_context(zipfile.ZipFile(self.path)), self.member))
        packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        return cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=file))) if packed else file

    def _in_zip(self, archive: zipfile.ZipFile, member: str) -> IO[bytes]:
        try:
            return archive.open(member)
        except KeyError:
            raise DataError(str(self), "is not in the zip", "name one of its members") from None
        except RuntimeError as error:  # it wants a password, or a packing that Python lacks
            raise DataError(str(self), f"can't be unpacked ({error})", "unpack the zip yourself") from None
