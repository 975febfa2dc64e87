"""What the members of a test's gang run.  A trial's id says what goes wrong there."""

import json
import os
import signal
import time
from pathlib import Path

from faulty import COMMON, Faulty
from trial_functions import report

from pipeline.errors import TrialError
from pipeline.records import Dataset, Evidence, Trial
from pipeline.training.monitor import UNWATCHED, Monitor

FOLDER = "LAYERPARITY_GANG_FOLDER"
HEARD_SECONDS = 1.0  # until the driver has certainly asked for the last snapshot


def train(trial: Trial, dataset: Dataset | None, monitor: Monitor) -> Evidence:
    """Real training that meets its fault at the beat its trial's id says; notes what it went on from afterwards."""
    from pipeline.cluster.trials import run

    fault, beat, folder = trial.id.split(" ", 2)
    if _role() in (("worker", 1), ("chief", 0)):
        monitor = Faulty(monitor, _FAULTS[fault], int(beat), Path(folder), HEARD_SECONDS)
    return run(trial, dataset, monitor)


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


def _raise() -> None:
    raise ValueError("a user's own mistake")


def _diverge() -> None:
    raise TrialError("numeric", "the loss is NaN")


_FAULTS = {**COMMON, "kill_worker_1": _kill_worker_1, "raise": _raise, "diverge": _diverge}
