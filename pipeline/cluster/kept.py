"""Where the driver keeps snapshots of trials under way, as bytes, by trial id."""

from typing import Protocol


class Kept(Protocol):
    """A run directory's, or this process's memory."""

    def load(self, trial_id: str) -> bytes:
        """The newest of the trial; empty if there is none."""

    def save(self, trial_id: str, content: bytes) -> None:
        """Replaces the trial's."""


class InMemory:
    """Lasts as long as the driver."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load(self, trial_id: str) -> bytes:
        return self._kept.get(trial_id, b"")

    def save(self, trial_id: str, content: bytes) -> None:
        self._kept[trial_id] = content
