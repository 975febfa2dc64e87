"""Where a trial runs: the Worker record of this process."""

import os
import platform
import socket
import time

from pipeline.inventory import version
from pipeline.records import Profile, Worker

PACKAGES = ("tensorflow", "keras", "tf_keras", "numpy")
_trials_run: list[float] = []  # when each began, by a clock that never jumps


def started() -> float:
    """Notes that a trial begins now.  Seconds since the epoch."""
    _trials_run.append(time.monotonic())
    return time.time()


def describe(profile: Profile, began: float) -> Worker:
    """The record, at the end of the trial that began then."""
    return Worker(
        host=socket.gethostname(),
        pid=os.getpid(),
        device=_device(profile),
        versions={"python": platform.python_version()} | {package: version(package) for package in PACKAGES},
        started=began,
        seconds=time.monotonic() - _trials_run[-1],
        warm=len(_trials_run) > 1,
    )


def _device(profile: Profile) -> str:
    """The GPU's name, or how the CPU is divided."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU") if profile.device == "gpu" else []
    if gpus:
        return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU"))
    return f"{platform.machine()} CPU, {profile.logical_devices} logical, {profile.threads} threads"
