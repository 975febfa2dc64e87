"""What this machine has, told without starting TensorFlow or Ray."""

import math
import os
from pathlib import Path

from pipeline.records import Capacity

_CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def local_capacity() -> Capacity:
    """What this process may use: its CPU affinity within its container's quota, the visible GPUs, the TPU chips."""
    cpus = min(len(os.sched_getaffinity(0)), _quota_cpus(_CGROUP_QUOTA))
    return Capacity(cpus=float(cpus), gpus=float(_gpus()), tpus=float(len(list(Path("/dev").glob("accel*")))))


def _quota_cpus(file: Path) -> float:
    """The whole CPUs in a control group's quota ("200000 100000" is 2), at least 1; infinite where there is none."""
    try:
        quota, period = file.read_text().split()
        return max(1, math.floor(int(quota) / int(period)))
    except (OSError, ValueError):  # no control group, or "max 100000"
        return math.inf


def _gpus() -> int:
    there = len(list(Path("/proc/driver/nvidia/gpus").glob("*")))
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return there
    return min(there, len([gpu for gpu in visible.split(",") if gpu.strip() not in {"", "-1"}]))
