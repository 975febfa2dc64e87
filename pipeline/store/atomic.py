"""Files that are there whole or not at all."""

import errno
import os
import tempfile
from pathlib import Path

from pipeline.errors import RunDirectoryError

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_PERMISSION = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
TEMPORARY_SUFFIX = ".tmp"


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Writes `content` to `path`, making its folder, so that a reader or a crash meets the old file or the new one.

    The bytes and the name are on the disk when this returns; not so of what is not `durable`, which is many times
    faster and for what can be made again.  RunDirectoryError if the file can't be written; whatever was at `path` is
    then untouched, and nothing is left beside it.
    """
    try:
        try:
            _replace(path, content, durable)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, content, durable)
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _replace(path: Path, content: bytes, durable: bool) -> None:
    # In the same folder, because a rename is atomic only within one file system.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY_SUFFIX)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, 0o644)  # mkstemp makes it private; a run directory is meant to be read
            if durable:
                os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Puts the new name itself on the disk; file systems may otherwise lose a rename in a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> RunDirectoryError:
    """The user's error for an OSError met while writing to `path`."""
    return RunDirectoryError(str(path), f"can't be written ({error.strerror or error})", _remedy(error))


def _remedy(error: OSError) -> str:
    if error.errno in _NO_SPACE:
        return "free some disk space and run again; what is finished is kept"
    if error.errno in _NO_PERMISSION:
        return "get write permission, or choose another --run-dir"
    return "choose another --run-dir"
