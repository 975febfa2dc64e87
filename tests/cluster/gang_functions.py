"""What the members of a test's gang run.  A trial's id says what goes wrong there."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from trial_functions import report

from pipeline.errors import TrialError
from pipeline.records import Dataset, Evidence, Trial
from pipeline.training.monitor import UNWATCHED, Monitor, Snapshot

FOLDER = "LAYERPARITY_GANG_FOLDER"
HEARD_SECONDS = 1.0  # until the driver has certainly asked for the last snapshot


def train(trial: Trial, dataset: Dataset | None, monitor: Monitor) -> Evidence:
    """Real training that meets its fault at the beat its trial's id says; notes what it went on from afterwards."""
    from pipeline.cluster.trials import run

    fault, beat, folder = trial.id.split(" ", 2)
    if _role() in (("worker", 1), ("chief", 0)):
        monitor = _Faulty(monitor, fault, int(beat), Path(folder))
    return run(trial, dataset, monitor)


class _Faulty:
    def __init__(self, monitor: Monitor, fault: str, beats: int, folder: Path) -> None:
        self._monitor, self._fault, self._left, self._marker = monitor, fault, beats, folder / "met"
        self.resume = monitor.resume
        if self.resume:
            (folder / "resumed").write_text(json.dumps(self.resume.at))

    def beat(self) -> None:
        self._monitor.beat()
        self._left -= 1
        if self._left == 0 and not self._marker.exists():
            time.sleep(HEARD_SECONDS)
            self._marker.touch()
            _FAULTS[self._fault]()

    def due(self, *, epoch_ended: bool) -> bool:
        return self._monitor.due(epoch_ended=epoch_ended)

    def keep(self, snapshot: Snapshot) -> None:
        self._monitor.keep(snapshot)


def misbehave(trial: Trial, dataset: Dataset | None, monitor: Monitor) -> Evidence:
    """Trains nothing: worker 1 does what the trial's id says, every time, the others wait for it."""
    monitor.beat()
    if _role() == ("worker", 1):
        _FAULTS[trial.id]()
    elif trial.id != "none":
        time.sleep(600)
    return report(trial, dataset)


def either(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """For a process alone or in a gang."""
    monitor.beat()
    return report(trial, dataset)


def serve() -> None:
    """Serves as the real thing, if this Ray has a folder for the process ids of those that serve."""
    folder = os.environ.get(FOLDER)
    if folder:
        from pipeline.training.server import serve

        serve()
        job, index = _role()
        (Path(folder) / f"{job}{index}").write_text(str(os.getpid()))


def _role() -> tuple[str, int]:
    task = json.loads(os.environ["TF_CONFIG"])["task"]
    return task["type"], task["index"]


def _kill_worker_1() -> None:
    os.kill(int((Path(os.environ[FOLDER]) / "worker1").read_text()), signal.SIGKILL)


def _stick() -> None:
    while True:
        time.sleep(0.01)


def _raise() -> None:
    raise ValueError("a user's own mistake")


def _diverge() -> None:
    raise TrialError("numeric", "the loss is NaN")


_FAULTS: dict[str, Any] = {
    "none": lambda: None,
    "kill_worker_1": _kill_worker_1,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "stick": _stick,
    "raise": _raise,
    "diverge": _diverge,
}
