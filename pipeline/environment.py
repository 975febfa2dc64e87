"""What a run ran on and from: versions, hardware, git state, command."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from pipeline.inventory import versions
from pipeline.records import Capacity, Environment
from pipeline.redacted import redact


def capture(capacity: Capacity) -> Environment:
    """Reads it off this machine.  Unknown text is "", unknown git cleanliness None."""
    commit, clean = _git_state()
    return Environment(
        started=time.time(),
        versions=versions(),
        python=platform.python_version(),
        platform=platform.platform(),
        cpu=_cpu_model(),
        cores=cores(),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        devices=_devices(capacity),
        git_commit=commit,
        git_clean=clean,
        command=redact(" ".join(["parity", *sys.argv[1:]])),
    )


def cores() -> int:
    """The CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _devices(capacity: Capacity) -> tuple[str, ...]:
    counted = (("CPU", capacity.cpus), ("GPU", capacity.gpus), ("TPU", capacity.tpus))
    return tuple(f"{count:g} {name}" for name, count in counted if count)


def _cpu_model() -> str:
    """The CPU's model name; Linux keeps it in /proc/cpuinfo, elsewhere platform knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _git_state() -> tuple[str, bool | None]:
    """Commit and cleanliness of the tree that this package stands in, where git knows it."""
    here = Path(__file__).parent
    commit = _git(here, "rev-parse", "HEAD")
    status = _git(here, "status", "--porcelain") if commit else None
    return commit or "", None if status is None else status == ""


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 — fixed arguments, no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607 — git is found on PATH by design
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
