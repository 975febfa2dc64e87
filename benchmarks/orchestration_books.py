"""What a run costs its driver beside the trials: planning, keeping their records, telling how far it is, the report.

    python -m benchmarks.orchestration_books (--plan N | --record N | --run N)

`--plan` is `parity plan` as a command; `--record` the whole of `parity run` with an executor that has every trial's
evidence ready; `--run` the same with Ray and workers that give it at once.  Prints JSON: see Books.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.orchestration_arms import RUNNER, peak_mib
from benchmarks.orchestration_work import evidence
from pipeline import config, driver, show
from pipeline.cluster.metrics import exported
from pipeline.cluster.ray_executor import execute
from pipeline.progress import Display
from pipeline.records import Dataset, Outcome, Trial
from pipeline.status_writer import recorded

CELLS = 20
CONFIG = """
name: books
families: [projection]
data: [mnist_5k]
strategies: [one_device, default, {{name: mirrored, devices: 2}}, {{name: mirrored, devices: 4}}, central_storage]
frontends: [keras, tf_keras]
dtype_policies: [float32, mixed_bfloat16]
seeds: {seeds}
rows: 512
train: {{epochs: 1, global_batch: 64}}
margins: {{accuracy: 0.01}}
certify: false
article_examples: false
resources: {{cpus_per_device: 0.1}}
"""


@dataclass(frozen=True)
class Books:
    """Of N trials.  MiB of the driver at the most, 0 where it was not looked at."""

    trials: int
    seconds: float  # from the command, or the call, to its end
    running: float  # of those, while trials ran
    running_mib: float  # until the last one had ended
    mib: float  # with the verdicts and the report

    @property
    def rate(self) -> float:
        """Trials a second while they ran."""
        return self.trials / self.running


def further(few: Books, many: Books) -> float:
    """Seconds for each trial that one run has more than the other."""
    return (many.running - few.running) / (many.trials - few.trials)


def measured(what: str, trials: int) -> Books:
    """In a process of its own."""
    command = [sys.executable, "-m", "benchmarks.orchestration_books", f"--{what}", str(trials)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Books(**json.loads(done.stdout.splitlines()[-1]))


def write_config(folder: Path, trials: int) -> Path:
    """A config of so many trials, in CELLS cells."""
    path = folder / "books.yaml"
    path.write_text(CONFIG.format(seeds=list(range(trials // CELLS))), encoding="utf-8")
    return path


def plan(path: Path, trials: int) -> Books:
    """`parity plan`, from the shell's point of view."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "pipeline", "plan", str(path)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds = time.perf_counter() - began
    if f"{trials} trials" not in printed:
        raise SystemExit(printed)
    return Books(trials, seconds, seconds, 0.0, 0.0)


def run(path: Path, trials: int, executor: Callable[..., Generator[Outcome]]) -> Books:
    """Everything that `parity run` does, with this executor."""
    folder, ran, held = path.parent / "run", list[float](), list[float]()

    @contextmanager
    def timed(todo: int, before: int) -> Iterator[Display]:
        began = time.perf_counter()
        with exported(recorded(show.progress, folder), folder.name)(todo, before) as shown:
            yield shown
        ran.append(time.perf_counter() - began)
        held.append(peak_mib())

    began = time.perf_counter()
    with patch.dict(driver.EXECUTORS, {"ray": executor}), show.aside(True):
        result = driver.run(config.load(path, [], []), str(path), folder, timed, executor="ray")
    seconds = time.perf_counter() - began
    if len(result.run.evidence) != trials:
        raise SystemExit(f"{len(result.run.evidence)} of {trials} trials gave evidence")
    return Books(trials, seconds, ran[0], held[0], peak_mib())


def at_once(
    trials: Sequence[Trial],
    datasets: Mapping[str, Dataset],
    *,
    on_start: Callable[[Trial], None],
    **_: Any,
) -> Generator[Outcome]:
    """An executor that has every trial's evidence ready."""
    del datasets
    for trial in trials:
        on_start(trial)
        now = time.time()
        yield evidence(trial, now, now, 0.0)


WAYS: Mapping[str, Callable[[Path, int], Books]] = {
    "plan": plan,
    "record": partial(run, executor=at_once),
    "run": partial(run, executor=partial(execute, runner=RUNNER)),
}


def main() -> None:
    """Measures one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in WAYS:
        parser.add_argument(f"--{name}", type=int)
    chosen = vars(parser.parse_args())
    name = next(name for name in WAYS if chosen[name])
    with tempfile.TemporaryDirectory(prefix="orchestration-") as folder:
        path = write_config(Path(folder), chosen[name])
        print(json.dumps(asdict(WAYS[name](path, chosen[name]))))


if __name__ == "__main__":
    main()
