"""Training that meets a fault, once, at a given sign of progress; what is common to trials alone and in gangs."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from pipeline.training.monitor import Monitor, Snapshot


class Faulty:
    """A Monitor in front of another.  `folder` gets `met` when the fault comes, and `resumed`: what was gone on from.

    `heard_seconds` before it, so that the driver has certainly heard of the last snapshot.
    """

    def __init__(
        self, monitor: Monitor, fault: Callable[[], object], beats: int, folder: Path, heard_seconds: float
    ) -> None:
        self._monitor, self._fault, self._left, self._marker = monitor, fault, beats, folder / "met"
        self._heard_seconds = heard_seconds
        self.resume = monitor.resume
        if self.resume:
            (folder / "resumed").write_text(json.dumps([*self.resume.at, self.resume.part.steps]))

    def beat(self) -> None:
        self._monitor.beat()
        self._left -= 1
        if self._left == 0 and not self._marker.exists():
            time.sleep(self._heard_seconds)
            self._marker.touch()
            self._fault()

    def due(self, *, epoch_ended: bool) -> bool:
        return self._monitor.due(epoch_ended=epoch_ended)

    def keep(self, snapshot: Snapshot) -> None:
        self._monitor.keep(snapshot)


def loop() -> None:
    """For ever."""
    while True:
        time.sleep(0.01)


COMMON: Mapping[str, Callable[[], object]] = MappingProxyType(
    {
        "none": lambda: None,
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
        "loop": loop,
    }
)
