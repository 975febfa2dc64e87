"""Whether a long run loses, doubles or leaks anything while its workers are killed.

    python -m benchmarks.soak [--trials 2000] [--minutes 20] [--kills 0.01] [--output FILE.md]

Runs tiny trials, which train nothing, through warm workers of a Ray of this machine's own, and keeps their evidence in
a run directory, as `parity run` does.  So many of the trials (1 % by default) kill their worker at their first attempt.
Trials go on until there were TRIALS of them and MINUTES have passed.  Prints the driver's memory, every tenth of the
trials; exits with 1 if a record was lost or doubled, if a trial failed, or if the driver's memory grew by more than
10 % from the first tenth to the end.  With --output, the same as a page.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

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
NOTHING = "nothing lost, nothing doubled"
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


class Sample(NamedTuple):
    """The driver after so many trials and seconds."""

    trials: int
    seconds: float
    mib: float


class Soaked(NamedTuple):
    """What a soak gave; `wrong`: what it should not have."""

    trials: int
    kills: int
    tried_again: int
    samples: list[Sample]
    wrong: list[str]

    @property
    def growth(self) -> float:
        """The driver's memory at the last sample, over that at the first."""
        return self.samples[-1].mib / self.samples[0].mib


def soak(directory: RunDirectory, most: int, minutes: float, kills: float) -> Soaked:
    """Runs the trials, and looks at what is in the directory then."""
    examples = Examples({"vectors": np.ones((8, 4), np.float32)}, np.zeros(8, np.int32))
    data = {"soak": Dataset("soak", "classification", examples, examples, 2)}
    wrong, done, planned, samples, began = list[str](), 0, list[str](), list[Sample](), time.monotonic()
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
                    samples.append(Sample(done, time.monotonic() - began, _mib()))
                    print("{:6d} trials {:6.0f} s  driver {:.1f} MiB".format(*samples[-1]), flush=True)
    finished = directory.finished()
    wrong += [f"{trial_id} was lost" for trial_id in planned if trial_id not in finished]
    wrong += [f"{trial_id} failed" for trial_id in directory.failures()]
    killed = sum(trial_id.endswith("-killed") for trial_id in planned)
    again = sum(item.worker.attempts > 1 for item in finished.values())
    found = Soaked(done, killed, again, samples, wrong)
    if found.growth > MOST_GROWTH:
        wrong.append(f"the driver's memory grew to {found.growth:.2f} times")
    return found


def page(found: Soaked) -> str:
    """Markdown, with about a dozen of the samples."""
    every = max(1, len(found.samples) // 12)
    shown = [*found.samples[:-1:every], found.samples[-1]]
    command = " ".join(["python -m benchmarks.soak", *sys.argv[1:]])
    machine = f"{platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f} at its end"
    lines = [
        f"# A soak\n\n`{command}`: tiny trials through warm workers, of which some kill their worker at their first",
        f"attempt. {machine}; Python {platform.python_version()}, ray {version('ray')}.\n",
        _summary(found) + "; " + ("; ".join(found.wrong) or NOTHING) + ".\n",
        "| trials | seconds | driver's memory, MiB |\n|---|---|---|",
        *(f"| {sample.trials:,} | {sample.seconds:,.0f} | {sample.mib:.1f} |" for sample in shown),
    ]
    return "\n".join(lines) + "\n"


def _summary(found: Soaked) -> str:
    counts = f"{found.trials} trials, {found.kills} kills, {found.tried_again} trials with more than one attempt"
    return f"{counts}; memory × {found.growth:.3f}"


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
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ[KILLED] = folder
        paths = (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        with connected():
            directory = RunDirectory.open(Path(folder) / "run", "name: soak\n")
            found = soak(directory, given.trials, given.minutes, given.kills)
    print(_summary(found))
    print("\n".join(found.wrong) or NOTHING)
    if given.output:
        given.output.write_text(page(found), encoding="utf-8")
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
