"""Small stand-ins for a trial's work, which Ray's workers import by name.  A trial's `options` steer them."""

import os
import time
from pathlib import Path
from typing import Any

from pipeline.errors import TrialError
from pipeline.records import ArmResult, Dataset, Evidence, Profile, TrainEvidence, Trial, Worker
from pipeline.training.monitor import UNWATCHED, Monitor

STARTED = time.time()
_runs = 0


def configure(profile: Profile) -> None:
    del profile


def report(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Evidence that tells where the trial ran, what it saw there, and the sum of its data."""
    global _runs
    monitor.beat()
    _runs += 1
    options: Any = trial.options
    time.sleep(float(options.get("seconds", 0)))
    total = 0.0 if dataset is None else float(dataset.train.parts["vectors"].sum())
    writable = False if dataset is None else bool(dataset.train.parts["vectors"].flags.writeable)
    seen = {name: os.environ.get(name, "") for name in ("PARITY_FRONTEND", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS")}
    worker = Worker("h", os.getpid(), "cpu", seen, time.time(), 0.0, _runs > 1)
    arm = ArmResult("class", {"sum": total, "writable": float(writable)}, (), (), "", 0, 0, 0, 0.0, 0.0, 0.0)
    return TrainEvidence(trial=trial, arms=(arm, arm), weight_map=(), worker=worker)


def misbehave(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Does what the option `fault` says, then reports."""
    options: Any = trial.options
    _FAULTS[options.get("fault", "none")](trial)
    return report(trial, dataset, monitor)


def _diverge(trial: Trial) -> None:
    raise TrialError("numeric", f"seed {trial.seed}: the loss is NaN")


def _raise(_: Trial) -> None:
    raise ValueError("first line\nsecond line")


def _tell_a_secret(_: Trial) -> None:
    raise ConnectionError("refused by https://me:hunter2@host, api_key=hunter2")


def _exit(_: Trial) -> None:
    raise SystemExit(3)


def _exhaust(_: Trial) -> None:
    raise MemoryError


def _lose_peer(_: Trial) -> None:
    raise UnavailableError("""Graph execution error:

Detected at node AddN defined at (most recent call last):
  File "arm.py", line 6, in call

Connection reset by peer
\t [[{{node AddN}}]] [Op:__inference_f_10]""")


def _lose_port(_: Trial) -> None:
    raise UnknownError("Could not start gRPC server")


def _err_in_tensorflow(_: Trial) -> None:
    raise UnknownError("{{function_node f}} KeyError: 'user'")


def _kill(_: Trial) -> None:
    os.kill(os.getpid(), 9)


def _kill_once(trial: Trial) -> None:
    marker = Path(str(trial.options["marker"]))
    if not marker.exists():
        marker.touch()
        _kill(trial)


_FAULTS: dict[str, Any] = {
    "none": lambda _: None,
    "diverge": _diverge,
    "raise": _raise,
    "tell_a_secret": _tell_a_secret,
    "exit": _exit,
    "exhaust": _exhaust,
    "lose_peer": _lose_peer,
    "lose_port": _lose_port,
    "err_in_tensorflow": _err_in_tensorflow,
    "kill": _kill,
    "kill_once": _kill_once,
}


class UnavailableError(Exception):
    """As TensorFlow raises it."""

    __module__ = "tensorflow.python.framework.errors_impl"


class UnknownError(Exception):
    """As TensorFlow raises it."""

    __module__ = "tensorflow.python.framework.errors_impl"


def not_finite(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Evidence with a NaN in it, which JSON can't hold."""
    del dataset, monitor
    arm = ArmResult("class", {"rmse": float("nan")}, (), (), "", 0, 0, 0, 0.0, 0.0, 0.0)
    return TrainEvidence(trial, (arm, arm), (), Worker("h", 1, "cpu", {}, 0.0, 0.0, False))
