"""Whether a long run loses, doubles or leaks anything while its workers are killed.

    python -m benchmarks.soak [--trials 2000] [--minutes 20] [--kills 0.01]

Runs tiny trials, which train nothing, through warm workers of a Ray of this machine's own, and keeps their evidence in
a run directory, as `parity run` does.  So many of the trials (1 % by default) kill their worker at their first attempt.
Trials go on until there were TRIALS of them and MINUTES have passed.  Prints the driver's memory, every tenth of the
trials; exits with 1 if a record was lost or doubled, if a trial failed, or if the driver's memory grew by more than
10 % from the first tenth to the end.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.session import connected
from pipeline.cluster.worker import Runner
from pipeline.records import (
    ArmResult,
    Cell,
    Dataset,
    Evidence,
    Examples,
    Profile,
    Resources,
    Retries,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
    Trial,
    Worker,
)
from pipeline.store.run_directory import RunDirectory
from pipeline.training.monitor import UNWATCHED, Monitor

MOST_GROWTH = 1.10
BATCH = 500  # trials handed to the executor at a time
KILLED = "SOAK_KILLED"  # names the folder where those that were killed are noted


def configure(profile: Profile) -> None:
    """Sets nothing up."""
    del profile


def tiny(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """What a worker runs: evidence at once; a trial of an id that ends in `-killed` kills its worker the first time."""
    monitor.beat()
    note = Path(os.environ[KILLED]) / trial.id
    if trial.id.endswith("-killed") and not note.exists():
        note.touch()
        os.kill(os.getpid(), 9)
    mean = 0.0 if dataset is None else float(dataset.train.targets.mean())
    arm = ArmResult("class", {"accuracy": mean}, (1.0,) * 5, (mean,) * 5, "0" * 64, 1, 1, 1, 0.0, 0.0, 1.0)
    return TrainEvidence(trial, (arm, arm), (), Worker("soak", os.getpid(), "cpu", {}, time.time(), 0.0, True))


def trials(first: int, count: int, kills: float) -> list[TrainTrial]:
    """From this number on; which of them kill is drawn from the number."""
    cell = Cell("projection", "class", "functional", "soak", Strategy())
    drawn = np.random.default_rng(first).random(count) < kills
    return [
        TrainTrial(f"t{first + i:07d}{'-killed' if dies else ''}", cell, i, Training(), {}, Profile(), Resources())
        for i, dies in enumerate(drawn)
    ]


def rounds(most: int, minutes: float, kills: float) -> Iterator[list[TrainTrial]]:
    """Batches of trials until there were enough, for long enough."""
    began, first = time.monotonic(), 0
    while first < most or time.monotonic() - began < 60 * minutes:
        batch = trials(first, min(BATCH, most - first) if first < most else BATCH, kills)
        first += len(batch)
        yield batch


def soak(directory: RunDirectory, most: int, minutes: float, kills: float) -> list[str]:
    """What was wrong."""
    examples = Examples({"vectors": np.ones((8, 4), np.float32)}, np.zeros(8, np.int32))
    data = {"soak": Dataset("soak", "classification", examples, examples, 2)}
    wrong, done, planned, memory, began = list[str](), 0, list[str](), list[float](), time.monotonic()
    runner, retries = Runner("benchmarks.soak:tiny", "benchmarks.soak:configure"), Retries(infrastructure=5)
    for batch in rounds(most, minutes, kills):
        planned += [trial.id for trial in batch]
        with closing(execute(batch, data, runner=runner, retries=retries, kept=directory.snapshots)) as outcomes:
            for outcome in outcomes:
                done += 1
                if (directory.paths.evidence / f"{outcome.trial.id}.json").exists():
                    wrong.append(f"{outcome.trial.id} came twice")
                directory.write(outcome)
                if done % max(1, most // 10) == 0:
                    memory.append(_mib())
                    print(
                        f"{done:6d} trials {time.monotonic() - began:6.0f} s  driver {memory[-1]:.1f} MiB", flush=True
                    )
    finished = directory.finished()
    wrong += [f"{trial_id} was lost" for trial_id in planned if trial_id not in finished]
    wrong += [f"{trial_id} failed" for trial_id in directory.failures()]
    killed = sum(trial_id.endswith("-killed") for trial_id in planned)
    again = sum(item.worker.attempts > 1 for item in finished.values())
    growth = memory[-1] / memory[0]
    print(f"{done} trials, {killed} kills, {again} trials with more than one attempt; memory × {growth:.3f}")
    return [*wrong, *([f"the driver's memory grew to {growth:.2f} times"] if growth > MOST_GROWTH else [])]


def _mib() -> float:
    """What this process holds."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> int:
    """Parses, soaks, tells."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--kills", type=float, default=0.01)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ[KILLED] = folder
        paths = (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        with connected():
            wrong = soak(
                RunDirectory.open(Path(folder) / "run", "name: soak\n"), given.trials, given.minutes, given.kills
            )
    print("\n".join(wrong) or "nothing lost, nothing doubled")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
