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
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import ray

from benchmarks.cluster_model import Costs
from benchmarks.orchestration_arms import RUNNER, environment, planned
from benchmarks.orchestration_books import measured as books_of
from benchmarks.orchestration_books import write_config
from benchmarks.orchestration_work import evidence
from pipeline import config, inventory, plan
from pipeline.cluster.machine import local_capacity
from pipeline.cluster.session import connected
from pipeline.cluster.tasks import Tasks
from pipeline.store.run_directory import RunDirectory

TRIALS, LOOKS, DRAIN_SECONDS = 1_000, 20, 120.0
REPORTED = 1_000, 4_000


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
    return Costs(submit, look, message, _record(), start(), _planned_bytes(), _reported_bytes())


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


def _record() -> float:
    """Seconds to write one."""
    made = [evidence(trial, 1.0, 2.0, 0.5) for trial in planned(TRIALS)]
    with tempfile.TemporaryDirectory(prefix="costs-") as folder:
        directory = RunDirectory.open(Path(folder) / "run", "name: costs\n")
        return _seconds(lambda: [directory.write(each) for each in made]) / TRIALS


def _planned_bytes() -> float:
    with tempfile.TemporaryDirectory(prefix="costs-") as folder:
        experiment = config.load(write_config(Path(folder), REPORTED[-1]), [], [])
    stock, there = inventory.take(experiment.families), local_capacity()
    tracemalloc.start()
    made = plan.make(experiment, stock, there)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / len(made.trials)


def _reported_bytes() -> float:
    """By how much more memory a run of more trials takes, its report with it."""
    few, many = (books_of("record", trials) for trials in REPORTED)
    return (many.mib - few.mib) * 2**20 / (many.trials - few.trials)


def main() -> None:
    """Measures, prints."""
    os.environ.update(environment("empty", 0))
    print(json.dumps(asdict(measured()), indent=1))


if __name__ == "__main__":
    main()
