"""The ways to run N trials that benchmarks.orchestration compares, each in a process of its own.

    ours          pipeline.cluster.ray_executor: what `parity run` runs its trials with
    tune          Ray Tune as its users run it: a function trainable, a new process for each trial
    tune reused   the same with `reuse_actors=True`
    loop          a bare loop in one process
    kerastuner    KerasTuner's random search, sequential in one process

Each begins with nothing and ends when it has every trial's result.  A trial holds one CPU.
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import orchestration_work as work
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Cell, Profile, Resources, Strategy, TrainEvidence, Training, TrainTrial

Span = tuple[float, float]  # when a trial's own work began and ended, in seconds since the epoch
RUNNER = Runner("benchmarks.orchestration_work:run", "benchmarks.orchestration_work:configure")
OURS, TUNE, REUSED, LOOP, KERAS_TUNER = "ours", "tune", "tune reused", "loop", "kerastuner"


@dataclass(frozen=True)
class Ran:
    """N trials run one way.  Seconds; MiB of this process, at its most."""

    arm: str
    trials: int
    wall: float  # from nothing to every result
    start: float  # until the first trial's own work began
    work: float  # the trials' own seconds, added up
    mib: float

    @property
    def steady(self) -> float:
        """Seconds a trial once the first has begun."""
        return (self.wall - self.start) / self.trials

    def ideal(self, cores: int) -> float:
        """The least that this work can take: spread over the cores, after one start."""
        return self.work / cores + self.start


def measure(arm: str, trials: int) -> Ran:
    """Runs them here."""
    began = time.time()
    spans = ARMS[arm](trials)
    wall = time.time() - began
    if len(spans) != trials:
        raise SystemExit(f"{arm}: {len(spans)} of {trials} trials gave a result")
    start = min(first for first, _ in spans) - began
    return Ran(arm, trials, wall, start, sum(last - first for first, last in spans), peak_mib())


def planned(trials: int) -> list[TrainTrial]:
    """As our plans have them."""
    cell = Cell("projection", "class", "functional", "none", Strategy())
    return [TrainTrial(f"{seed:016x}", cell, seed, Training(), {}, Profile(), Resources(1.0)) for seed in range(trials)]


def _ours(trials: int) -> list[Span]:
    spans = []
    with closing(execute(planned(trials), {"none": None}, runner=RUNNER)) as outcomes:  # type: ignore[dict-item]
        for outcome in outcomes:
            if not isinstance(outcome, TrainEvidence):
                raise SystemExit(f"{outcome.trial.label}: {outcome}")
            spans.append((outcome.worker.started, outcome.worker.started + outcome.worker.seconds))
    return spans


def _tune(trials: int, *, reused: bool = False) -> list[Span]:
    import ray
    from ray import tune

    with tempfile.TemporaryDirectory() as folder:
        ray.init(address="local", include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        found = tune.Tuner(
            tune.with_resources(_trainable, {"cpu": 1}),
            param_space={"seed": tune.grid_search(list(range(trials)))},
            tune_config=tune.TuneConfig(reuse_actors=reused),
            run_config=tune.RunConfig(storage_path=folder, name="tune", verbose=0),
        ).fit()
        spans = [(each.metrics["began"], each.metrics["ended"]) for each in found if each.metrics]
        ray.shutdown()
    return spans


def _trainable(config: Mapping[str, Any]) -> Mapping[str, float]:
    from benchmarks.orchestration_work import worked

    began, ended, loss = worked(config["seed"])
    return {"began": began, "ended": ended, "loss": loss}


def _loop(trials: int) -> list[Span]:
    return [work.worked(seed)[:2] for seed in range(trials)]


def _keras_tuner(trials: int) -> list[Span]:
    import keras_tuner

    spans = []

    class Search(keras_tuner.RandomSearch):
        def run_trial(self, trial: Any, *_: Any, **__: Any) -> float:
            began, ended, loss = work.worked(int(trial.hyperparameters.Float("x", 0.0, 1.0) * 2**31))
            spans.append((began, ended))
            return loss

    with tempfile.TemporaryDirectory() as folder:
        objective = keras_tuner.Objective("default_objective", "min")
        Search(max_trials=trials, directory=folder, project_name="search", overwrite=True, objective=objective).search()
    return spans


ARMS: Mapping[str, Callable[[int], list[Span]]] = {
    OURS: _ours,
    TUNE: _tune,
    REUSED: partial(_tune, reused=True),
    LOOP: _loop,
    KERAS_TUNER: _keras_tuner,
}


def peak_mib() -> float:
    """The most memory that this process has held; not getrusage's, which begins with its parent's."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def environment(kind: str, steps: int) -> dict[str, str]:
    """What every arm's process and its workers start with: our profile's settings for all."""
    from pipeline.cluster.profile_environment import profile_environment

    root = str(Path(__file__).parents[1])
    paths = os.pathsep.join(path for path in (root, os.environ.get("PYTHONPATH", "")) if path)
    own = {work.KIND: kind, work.STEPS: str(steps), "PYTHONPATH": paths}
    return {**os.environ, **profile_environment(Profile()), **own}
