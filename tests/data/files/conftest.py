"""Small files of a user, and a cache for what is made of them."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache directory, not made yet."""
    directory = tmp_path / "cache"
    monkeypatch.setenv("PARITY_DATA", str(directory))
    return directory


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a file and gives its path."""

    def write_file(name: str, content: str) -> str:
        (tmp_path / name).write_text(content, encoding="utf-8")
        return str(tmp_path / name)

    return write_file
