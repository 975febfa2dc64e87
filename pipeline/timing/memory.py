"""What an arm adds to memory at most: counted by a GPU's allocator, on CPUs by the operating system."""

from collections.abc import Callable
from pathlib import Path

import tensorflow as tf

from pipeline.records import Device

_STATUS, _REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # what Linux resets the high-water mark of resident memory for
_KIB = 1024

Peak = Callable[[], int | None]


def watch(device: Device, position: int) -> Peak:
    """Begins to watch; the function that it returns gives the bytes at the peak above those at the beginning.

    On CPUs only the process's first arm is told (`position` 0): later ones are given memory that earlier ones have
    freed.  None where nothing is told.
    """
    if device == "gpu":
        return _of_gpu()
    return _of_process() if position == 0 else lambda: None


def _of_gpu() -> Peak:
    tf.config.experimental.reset_memory_stats("GPU:0")
    before = tf.config.experimental.get_memory_info("GPU:0")["current"]
    return lambda: int(tf.config.experimental.get_memory_info("GPU:0")["peak"] - before)


def _of_process() -> Peak:
    try:
        _REFS.write_text(_FORGET_PEAK)
        before = _status("VmRSS")
    except OSError:
        return lambda: None
    return lambda: max(0, _status("VmHWM") - before)


def _status(key: str) -> int:
    """Bytes of this process."""
    lines = _STATUS.read_text().splitlines()
    return _KIB * next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))
