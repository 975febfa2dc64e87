"""Copies of a worker that user code made with os.fork: TensorFlow stands still in them, and they outlive the worker."""

import ctypes
import os
import signal
from contextlib import suppress
from functools import cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@cache
def tie_to_parent() -> None:
    """From now on what this process forks is killed when this process ends, however that ends."""
    libc = ctypes.CDLL(None)
    os.register_at_fork(after_in_child=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))


def end_copies() -> int:
    """Kills the copies of this process among its children, and says how many there were.

    A child that has started a program of its own is none.
    """
    own, ended = _command_line(os.getpid()), 0
    for child in children():
        if own and _command_line(child) == own:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                ended += 1
    return ended


def children() -> set[int]:
    """The process ids of this process's children."""
    found: set[int] = set()
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended
            found |= {int(process) for process in listed.read_text().split()}
    return found


def _command_line(process: int) -> bytes:
    """Empty for one that has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
