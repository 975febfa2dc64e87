"""Whether a worker process that has run many trials still gives what a fresh one gives, and does not grow.

    python benchmarks/warm_workers.py [ROUNDS]

Runs each of 20 kinds of trial ROUNDS times (2 by default) on warm workers, one of each frontend, with another kind
every time; then each kind once in a process of its own.  Prints how many warm trials gave other numbers than the fresh
process, bit for bit, and each worker's memory after the first round and at the end.  Exits with 1 if a number differs.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from pickle import dumps
from typing import Any

import msgspec
import numpy as np

from pipeline.cluster.machine import local_capacity
from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.ray_executor import execute
from pipeline.records import (
    FRONTENDS,
    Cell,
    Dataset,
    Examples,
    Outcome,
    Part,
    Profile,
    Resources,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
)

DEFAULT, ONE, CENTRAL = Strategy(), Strategy("one_device"), Strategy("central_storage", 2)
MIRRORED, FOUR = Strategy("mirrored", 2), Strategy("mirrored", 4)
# Family, its width, global batch, strategy, and what else makes the cell.
KINDS: tuple[tuple[str, int, int, Strategy, dict[str, Any]], ...] = (
    ("projection", 8, 16, MIRRORED, {}),
    ("lookup", 5, 32, ONE, {}),
    ("stateful", 4, 16, FOUR, {}),
    ("projection", 24, 32, DEFAULT, {"jit": True}),
    ("lookup", 16, 16, MIRRORED, {"loop": "fit"}),
    ("stateful", 12, 32, MIRRORED, {"dtype_policy": "float64"}),
    ("projection", 8, 16, CENTRAL, {}),
    ("lookup", 5, 16, FOUR, {"dtype_policy": "mixed_bfloat16"}),
    ("stateful", 4, 16, ONE, {"loop": "fit"}),
    ("projection", 6, 48, MIRRORED, {"dtype_policy": "mixed_float16"}),
)
WIDTHS = {"projection": "units", "lookup": "width", "stateful": "units"}
EXAMPLES, HELD_OUT = 96, 32

FRESH = """
import pickle, sys
import msgspec
from pipeline.cluster.worker import run_trial
print(msgspec.json.encode(run_trial(*pickle.load(sys.stdin.buffer))).decode())
"""


def datasets() -> dict[str, Dataset]:
    """One for each family, by its name."""
    random, rows = np.random.default_rng(0), EXAMPLES + HELD_OUT
    vectors_NF = random.random((rows, 12), np.float32)
    ids_NT = random.integers(0, 9, (rows, 2), np.int32)
    windows_NT = np.sin(np.arange(rows)[:, None] / 3 + np.arange(7) / 3).astype(np.float32)
    return {
        "projection": _cut("classification", vectors_NF, vectors_NF[:, :3].argmax(axis=1).astype(np.int32), 3),
        "lookup": _cut("rating", ids_NT, ids_NT.sum(axis=1).astype(np.float32), 1, vocabulary=9),
        "stateful": _cut("forecast", windows_NT[:, :6, None], windows_NT[:, 6:], 1),
    }


def trials(frontend: str, kinds: Sequence[Any] = KINDS) -> list[TrainTrial]:
    """One of each kind.  They hold all CPUs, so that there is one worker of the frontend."""
    return [
        TrainTrial(
            id=f"{frontend} {index}",
            cell=Cell(family, "class", "functional", family, strategy, frontend, **more),
            seed=index,
            training=Training(epochs=2, global_batch=batch, learning_rate=0.01, dropout=0.25),
            options={WIDTHS[family]: width},
            profile=Profile(frontend, logical_devices=4),
            resources=Resources(local_capacity().cpus),
        )
        for index, (family, width, batch, strategy, more) in enumerate(kinds)
    ]


def warm(chosen: Sequence[TrainTrial]) -> Iterator[tuple[TrainEvidence, float]]:
    """What each of the trials, run in their order, gave, and the worker's memory just after it in MiB."""
    with closing(execute(chosen, datasets())) as outcomes:
        for outcome in outcomes:
            evidence = _evidence(outcome)
            yield evidence, _mib(evidence.worker.pid)


def fresh(chosen: Sequence[TrainTrial]) -> list[TrainEvidence]:
    """What each of the trials gave in a new process; two at a time."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(_in_new_process, chosen))


def numbers(evidence: TrainEvidence) -> Any:
    """What training gave, without what depends on the clock."""
    return [(arm.weights_digest, arm.train_loss, arm.held_out, arm.metrics) for arm in evidence.arms]


def _in_new_process(trial: TrainTrial) -> TrainEvidence:
    environment = {**os.environ, **profile_environment(trial.profile)}
    given = dumps((trial, datasets()[trial.cell.data]))
    command = [sys.executable, "-c", FRESH]
    ended = subprocess.run(command, input=given, env=environment, capture_output=True, timeout=300, check=True)
    return _evidence(msgspec.json.decode(ended.stdout, type=Outcome))


def _evidence(outcome: Outcome) -> TrainEvidence:
    if not isinstance(outcome, TrainEvidence):
        raise SystemExit(f"{outcome.trial.label} failed: {outcome}")
    return outcome


def _mib(pid: int) -> float:
    """The memory that the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _cut(task: Any, inputs: Any, targets: Any, outputs: int, vocabulary: int = 0) -> Dataset:
    """The first EXAMPLES to train on, the others held out; of a forecast, one of them is called an anomaly."""
    part: Part = "ids" if vocabulary else "windows" if task == "forecast" else "vectors"
    labels = np.eye(1, HELD_OUT, 9, dtype=np.int32)[0] if task == "forecast" else None
    train = Examples({part: inputs[:EXAMPLES]}, targets[:EXAMPLES])
    test = Examples({part: inputs[EXAMPLES:]}, targets[EXAMPLES:], labels)
    return Dataset("", task, train, test, outputs, vocabulary)


def main(rounds: int) -> int:
    """Runs, compares, prints."""
    differing = 0
    for frontend in FRONTENDS:
        kinds = trials(frontend)
        alone = [numbers(evidence) for evidence in fresh(kinds)]
        found = list(warm(kinds * rounds))
        differ = [e.trial.id for index, (e, _) in enumerate(found) if numbers(e) != alone[index % len(kinds)]]
        memory = [f"{found[len(kinds) * done - 1][1]:.0f}" for done in range(1, rounds + 1)]
        print(f"{frontend}: {len(found)} trials in {len({e.worker.pid for e, _ in found})} process, "
              f"{sum(e.worker.warm for e, _ in found)} warm; differ from a fresh process: {differ or 'none'}; "
              f"MiB after each round: {', '.join(memory)}")  # fmt: skip
        differing += len(differ)
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2))
