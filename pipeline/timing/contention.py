"""What else the machine does while blocks are timed.  Linux tells it in /proc and /sys; elsewhere little is known.

Thresholds:
    other processes keep more than OTHER_CPUS busy on average
    the hypervisor gives more than STEAL of the CPU time to other guests
    a quota or the temperature slows the machine down, however often
    another Ray task is at work at the beginning or the end
    the load average of the last minute is more than LOAD above the number of CPUs: it still holds what ran before
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.records import Contention

OTHER_CPUS = 0.15
STEAL = 0.01
LOAD = 1.0

TICKS = os.sysconf("SC_CLK_TCK")
# Of /proc/stat's first line: user nice system idle iowait irq softirq steal.  Guests' time is in user's.
_BUSY = (0, 1, 2, 5, 6)
_STEAL = 7


@dataclass(frozen=True)
class Snapshot:
    """The machine at a moment; CPU times are sums in seconds, None where unknown."""

    at: float
    own_cpu: float
    busy: float | None
    steal: float
    throttled: int | None
    load: float
    other_trials: int


def snapshot(root: Path = Path("/")) -> Snapshot:
    """Of now.  `root` holds proc and sys."""
    cpu = _cpu_times(root / "proc/stat")
    return Snapshot(
        at=time.monotonic(),
        own_cpu=time.process_time(),
        busy=sum(cpu[k] for k in _BUSY) if cpu else None,
        steal=cpu[_STEAL] if cpu else 0.0,
        throttled=_throttled(root / "sys"),
        load=os.getloadavg()[0],
        other_trials=_tasks(root / "proc"),
    )


def between(before: Snapshot, after: Snapshot, cpus: int) -> Contention:
    """What went on beside this process on the machine's `cpus`, judged by the thresholds."""
    elapsed = max(after.at - before.at, 1e-9)
    others = steal = throttled = None
    if before.busy is not None and after.busy is not None:
        others = max(0.0, (after.busy - before.busy - (after.own_cpu - before.own_cpu)) / elapsed)
        steal = (after.steal - before.steal) / (elapsed * cpus)
    if before.throttled is not None and after.throttled is not None:
        throttled = after.throttled - before.throttled
    trials = max(before.other_trials, after.other_trials)
    judged = (
        (trials > 0, f"{trials} other Ray tasks at work"),
        ((others or 0.0) > OTHER_CPUS, f"other processes kept {others or 0.0:.1f} CPUs busy"),
        ((steal or 0.0) > STEAL, f"the hypervisor took {100 * (steal or 0.0):.0f} % of the CPU time"),
        ((throttled or 0) > 0, f"slowed down {throttled} times by a quota or its temperature"),
        (before.load > cpus + LOAD, f"load average {before.load:.1f} on {cpus} CPUs at the beginning"),
    )
    flags = tuple(text for holds, text in judged if holds)
    return Contention(before.load, after.load, others, steal, throttled, trials, flags)


def _cpu_times(stat: Path) -> list[float]:
    try:
        numbers = stat.read_text().partition("\n")[0].split()[1:9]
    except OSError:
        return []
    return [int(number) / TICKS for number in numbers] if len(numbers) > _STEAL else []


def _throttled(sys: Path) -> int | None:
    """Times so far: of the control group's quota, and of every core's temperature."""
    counts = [_number(file) for file in sys.glob("devices/system/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count")]
    try:
        lines = (sys / "fs/cgroup/cpu.stat").read_text().splitlines()
    except OSError:
        lines = []
    counts += [int(line.split()[1]) for line in lines if line.startswith("nr_throttled ")]
    return sum(counts) if counts else None


def _number(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0


def _tasks(proc: Path) -> int:
    """Ray workers that run a task, this process left out: Ray writes it into their command line."""
    found = 0
    for process in proc.glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        found += line.startswith(b"ray::") and not line.startswith(b"ray::IDLE") and process.name != str(os.getpid())
    return found
