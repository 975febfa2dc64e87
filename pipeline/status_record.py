"""How far a run is, as its driver writes it down while it works: progress.json in the run directory."""

from pathlib import Path

from pipeline.records import Record

FILE = "progress.json"


class Going(Record, frozen=True):
    """A trial under way, since `since` in seconds since the epoch."""

    id: str
    label: str
    since: float


class Progress(Record, frozen=True):
    """One session of a run, as of `written`; seconds since the epoch."""

    began: float
    written: float
    ended: int  # trials of this session that gave an outcome
    running: tuple[Going, ...]


def file_of(folder: Path) -> Path:
    """Where it is in a run directory."""
    return folder / FILE
