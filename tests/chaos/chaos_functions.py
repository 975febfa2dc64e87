"""What the workers of these tests run: real training that meets a fault, once or always, where its trial's id says.

An id is `FAULT BEAT FOLDER`, or FAULT alone where it comes at once and always.
"""

import os
import signal
import time
from pathlib import Path

from faulty import COMMON, Faulty, loop

from pipeline.records import Dataset, Evidence, Profile, Trial
from pipeline.training.monitor import UNWATCHED, Monitor

HEARD_SECONDS = 2.0  # until the driver has certainly heard of the last snapshot


def train(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Notes what it went on from, if it did."""
    from pipeline.cluster.trials import run

    fault, *where = trial.id.split(" ", 2)
    if not where:
        return run(trial, dataset, monitor)
    heard_seconds = 0.0 if fault == "notice" else HEARD_SECONDS  # which has to come without one
    return run(trial, dataset, Faulty(monitor, _FAULTS[fault], int(where[0]), Path(where[1]), heard_seconds))


def fail(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> None:
    """Meets the fault at once, every time, without importing what training needs."""
    del dataset, monitor
    _FAULTS[trial.id]()


def configure(profile: Profile) -> None:
    del profile


def _notice() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.2)  # until the main thread has heard it


def _ignore_notice() -> None:
    _notice()
    loop()


def _exhaust() -> None:
    """Takes memory until somebody does something about it."""
    taken = []
    for _ in range(400):
        taken.append(bytearray(os.urandom(1)) * (50 * 2**20))
        time.sleep(0.02)


_FAULTS = {
    **COMMON,
    "notice": _notice,
    "ignore_notice": _ignore_notice,
    "exhaust": _exhaust,
    "too_much": lambda: bytearray(1 << 60),
}
