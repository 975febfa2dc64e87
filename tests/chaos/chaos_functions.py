"""What the workers of these tests run: real training that meets a fault, once or always, where its trial's id says.

An id is `FAULT BEAT FOLDER`, or FAULT alone where it comes at once and always.
"""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from pipeline.records import Dataset, Evidence, Profile, Trial
from pipeline.training.monitor import UNWATCHED, Monitor, Snapshot

HEARD_SECONDS = 2.0  # until the driver has certainly heard of the last snapshot


def train(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Notes what it went on from, if it did."""
    from pipeline.cluster.trials import run

    fault, *where = trial.id.split(" ", 2)
    if not where:
        return run(trial, dataset, monitor)
    return run(trial, dataset, _Faulty(monitor, fault, int(where[0]), Path(where[1])))


def fail(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> None:
    """Meets the fault at once, every time, without importing what training needs."""
    del dataset, monitor
    _FAULTS[trial.id]()


def configure(profile: Profile) -> None:
    del profile


class _Faulty:
    def __init__(self, monitor: Monitor, fault: str, beats: int, folder: Path) -> None:
        self._monitor, self._fault, self._left, self._marker = monitor, fault, beats, folder / "met"
        self.resume = monitor.resume
        if self.resume:
            (folder / "resumed").write_text(json.dumps([*self.resume.at, self.resume.part.steps]))

    def beat(self) -> None:
        self._monitor.beat()
        self._left -= 1
        if self._left == 0 and not self._marker.exists():
            if self._fault != "notice":  # which has to come without one
                time.sleep(HEARD_SECONDS)
            self._marker.touch()
            _FAULTS[self._fault]()

    def due(self, *, epoch_ended: bool) -> bool:
        return self._monitor.due(epoch_ended=epoch_ended)

    def keep(self, snapshot: Snapshot) -> None:
        self._monitor.keep(snapshot)


def _loop() -> None:
    while True:
        time.sleep(0.01)


def _notice() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.2)  # until the main thread has heard it


def _ignore_notice() -> None:
    _notice()
    _loop()


def _exhaust() -> None:
    """Takes memory until somebody does something about it."""
    taken = []
    for _ in range(400):
        taken.append(bytearray(os.urandom(1)) * (50 * 2**20))
        time.sleep(0.02)


_FAULTS: dict[str, Any] = {
    "none": lambda: None,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "notice": _notice,
    "ignore_notice": _ignore_notice,
    "loop": _loop,
    "exhaust": _exhaust,
    "too_much": lambda: bytearray(1 << 60),
}
