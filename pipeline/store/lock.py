"""One driver at a time in a run directory.

The operating system holds the lock (flock), so it ends with the driver however that dies, and a process id used again
can't be mistaken for the owner.  The file's text only says who the owner is.
"""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

import msgspec

from pipeline.errors import RunDirectoryError
from pipeline.records import Record
from pipeline.store.atomic import cannot_write


class Owner(Record, frozen=True):
    """The driver that works in a run directory.  `started` is in seconds since the epoch."""

    host: str
    pid: int
    started: float


def in_use(where: str, owner: Owner | None) -> RunDirectoryError:
    """The user's error where another driver works."""
    remedy = "wait until it ends, stop it, or choose another --run-dir"
    return RunDirectoryError(where, f"is in use by another driver ({described(owner)})", remedy)


def described(owner: Owner | None) -> str:
    """Which process on which machine, since when."""
    if owner is None:
        return "it has not said which"
    started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(owner.started))
    return f"process {owner.pid} on {owner.host}, started {started}"


@contextmanager
def locked(path: Path) -> Iterator[Owner]:
    """Holds the lock file at `path`; RunDirectoryError that names the owner if another driver does.

    The file stays, empty, when the lock is given up: removing it would let two drivers hold a lock each.
    """
    try:
        file = FileIO(path, "a+")
    except OSError as error:
        raise cannot_write(path, error) from error
    with file:
        _take(file, path)
        owner = Owner(host=socket.gethostname(), pid=os.getpid(), started=time.time())
        try:
            _write(file, msgspec.json.encode(owner), path)
            yield owner
        finally:
            with suppress(OSError):
                file.truncate(0)


def _take(file: FileIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise in_use(str(path.parent), _owner(file)) from error
    except OSError as error:
        what = f"its file system can't lock files ({error.strerror})"
        raise RunDirectoryError(str(path.parent), what, "choose a --run-dir on another disk") from error


def _write(file: FileIO, text: bytes, path: Path) -> None:
    try:
        file.truncate(0)
        file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from error


def _owner(file: FileIO) -> Owner | None:
    file.seek(0)
    try:
        return msgspec.json.decode(file.read(), type=Owner)
    except (msgspec.DecodeError, OSError):
        return None
