"""What holds for all gangs of a run, and how their work can end early."""

import threading
from dataclasses import dataclass, field

from pipeline.cluster.worker import Runner
from pipeline.records import FailureCategory, GangLimits

CATEGORY: FailureCategory = "infrastructure"  # of a lost gang, unless more is known


class GangLost(Exception):  # noqa: N818 - what happened, not whose error it is
    """A gang can't go on, for a reason outside its trial: a member died, was stopped, is stuck."""

    def __init__(self, message: str, category: FailureCategory = CATEGORY) -> None:
        super().__init__(message)
        self.category = category


class NoPlaceError(Exception):
    """The cluster had no room for a gang in time."""


class Stopped(Exception):  # noqa: N818
    """The run is being closed."""


@dataclass(frozen=True)
class Terms:
    """`stop`, once set, ends every wait with Stopped."""

    limits: GangLimits
    runner: Runner
    stop: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raises Stopped if the run is being closed."""
        if self.stop.is_set():
            raise Stopped
