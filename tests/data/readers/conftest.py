"""Files in their true formats, byte by byte."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.data.readers.registry import open_table
from pipeline.data.table import Table, concatenate

Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes the bytes under that name and reads them back as one table."""

    def write_and_read(name: str, content: bytes, format: str | None = None, **options: object) -> Table:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return concatenate(list(open_table(path, format, **options)))

    return write_and_read


@pytest.fixture
def criteo_line() -> Callable[..., bytes]:
    """A line of a Criteo file from its label ("": a test file), its counts and its categories, without a line end."""

    def line(label: str, numbers: Sequence[str] = ("",) * 13, categories: Sequence[str] = ("",) * 26) -> bytes:
        return "\t".join(([label] if label else []) + [*numbers, *categories]).encode()

    return line
