"""What benchmarks.cluster_simulation is fed with: seconds and bytes of the driver's own work, measured here.

python -m benchmarks.cluster_costs            (prints them as JSON; half a minute; leave the machine alone)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import ray

from benchmarks.cluster_simulation import Costs
from benchmarks.orchestration_arms import RUNNER, environment, planned
from benchmarks.orchestration_books import write_config
from benchmarks.orchestration_work import evidence
from pipeline import config, inventory, plan
from pipeline.cluster.machine import local_capacity
from pipeline.cluster.session import connected
from pipeline.cluster.tasks import Tasks
from pipeline.store import codec
from pipeline.store.run_directory import RunDirectory

TRIALS, LOOKS, DRAIN_SECONDS = 1_000, 20, 120.0


def measured() -> Costs:
    """On a Ray of this machine's own."""
    with connected() as there:
        blocker = ray.remote(num_cpus=there.cpus)(lambda: time.sleep(DRAIN_SECONDS)).remote()
        tasks = Tasks({"none": None}, RUNNER, DRAIN_SECONDS)
        trials = planned(TRIALS)
        began = time.perf_counter()
        waiting = {tasks.submit(trial, b""): trial for trial in trials}
        submit = (time.perf_counter() - began) / TRIALS
        look = statistics.median(_seconds(lambda: _look(list(waiting))) for _ in range(LOOKS)) / TRIALS
        ray.cancel(blocker, force=True)
        _drained(list(waiting))
        began = time.perf_counter()
        for task, trial in waiting.items():
            tasks.next(task, trial)  # it has begun
            tasks.next(task, trial)  # its outcome
        message = (time.perf_counter() - began) / (2 * TRIALS)
    record, read = _records()
    return Costs(submit, look, message, record, start(), _planned_bytes(), read)


def start() -> float:
    """Seconds from the request of a process to TensorFlow's being there."""
    command = [sys.executable, "-c", "import ray; from pipeline.frontend import keras"]
    return statistics.median(_seconds(lambda: subprocess.run(command, check=True)) for _ in range(3))


def _look(tasks: list[object]) -> None:
    ray.wait(tasks, num_returns=len(tasks), timeout=0)


def _drained(tasks: list[object]) -> None:
    """Until every one has said all that it has to say."""
    ray.wait(tasks, num_returns=len(tasks), timeout=DRAIN_SECONDS)
    time.sleep(1.0)


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _records() -> tuple[float, float]:
    """(Seconds to write one, bytes that one takes when it is read.)"""
    made = [evidence(trial, 1.0, 2.0, 0.5) for trial in planned(TRIALS)]
    with tempfile.TemporaryDirectory(prefix="costs-") as folder:
        directory = RunDirectory.open(Path(folder) / "run", "name: costs\n")
        times = [_seconds(lambda each=each: directory.write(each)) for each in made]  # type: ignore[misc]
        before = _held_bytes()
        found = directory.finished()
        read = (_held_bytes() - before) / len(found)
    return statistics.mean(times), max(read, float(len(codec.encode(made[0]))))


def _planned_bytes() -> float:
    with tempfile.TemporaryDirectory(prefix="costs-") as folder:
        experiment = config.load(write_config(Path(folder), 40_000), [], [])
    stock, there = inventory.take(experiment.families), local_capacity()
    before = _held_bytes()
    made = plan.make(experiment, stock, there)
    return (_held_bytes() - before) / len(made.trials)


def _held_bytes() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Measures, prints."""
    os.environ.update(environment("empty", 0))
    print(json.dumps(asdict(measured()), indent=1))


if __name__ == "__main__":
    main()
