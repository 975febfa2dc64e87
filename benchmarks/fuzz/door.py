"""A door of the program: where it reads what others wrote."""

import atexit
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Door:
    """Its inputs, what reads them, and the share of all inputs that it gets."""

    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], object]
    share: float = 1.0


@cache
def scratch() -> Path:
    """A folder that goes when the process does."""
    folder = tempfile.TemporaryDirectory(prefix="parity-fuzz-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def file_of(name: str, content: bytes) -> Path:
    """A file of that name in it."""
    path = scratch() / name
    path.write_bytes(content)
    return path
