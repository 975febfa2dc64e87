"""One run, from a checked config to a report: config → plan → data → trials → evidence → analysis → report."""

import hashlib
import os
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from msgspec import structs

from pipeline import inventory, plan
from pipeline.analysis import analyse, wanting_seeds
from pipeline.cluster import local_executor, ray_executor
from pipeline.cluster.capacity import capacity, check_fits
from pipeline.cluster.machine import local_capacity
from pipeline.cluster.session import connected
from pipeline.config import Experiment
from pipeline.data.load import load
from pipeline.environment import capture
from pipeline.plan.estimate import Estimate, estimate
from pipeline.plan.single import single
from pipeline.progress import Display
from pipeline.publish import publish
from pipeline.records import (
    Capacity,
    Dataset,
    ExampleTrial,
    Failure,
    GangLimits,
    Inventory,
    Outcome,
    Plan,
    Result,
    Retries,
    RunTiming,
    Trial,
    TrialLimits,
)
from pipeline.redacted import redact
from pipeline.store.files import Files
from pipeline.store.run_directory import RunDirectory
from pipeline.tensorboard.board import Board
from pipeline.tensorboard.chosen import chosen

Executor = Literal["ray", "local"]
EXECUTORS: Mapping[Executor, Callable[..., Generator[Outcome]]] = {
    "ray": ray_executor.execute,
    "local": local_executor.execute,
}


# (Trials to run, trials finished before) -> the display, open while they run.
Watch = Callable[[int, int], AbstractContextManager[Display]]


def plan_of(config: Experiment, where: str, address: str | None = None) -> tuple[Plan, Estimate, Capacity]:
    """What would run on this machine, or on the cluster at `address`, and about how long."""
    stock = inventory.take(config.families, config.own_sources, config.allowed_modules)
    there = capacity(_address(address))
    made = plan.make(config, stock, there, where)
    most = estimate(plan.budget(made, config, stock), stock, there) if config.looks else None
    return made, structs.replace(estimate(made, stock, there), most=most), there


def default_folder(config: Experiment, only: str = "") -> Path:
    """runs/NAME-HASH: the same config always goes to the same folder, so running it again resumes it.

    Limits and retries may change in between.  One trial again has a folder of its own each time.
    """
    same = replace(config, gangs=GangLimits(), trials=TrialLimits(), retries=Retries())
    folder = Path("runs") / f"{config.name}-{hashlib.sha256(same.to_yaml().encode()).hexdigest()[:8]}"
    return folder.with_name(f"{folder.name}-trial-{only}-{time.time_ns()}") if only else folder


def run(
    config: Experiment,
    where: str,
    folder: Path | Files,
    watch: Watch,
    *,
    executor: Executor,
    address: str | None = None,
    only: str = "",
) -> Result:
    """Runs what is not finished yet and publishes the whole.  `where` is what errors call the config.

    Where the config has looks, cells that are undecided at one get the seeds of the next.  `only`: the id of the one
    trial to run.
    Raises ConfigError or ClusterError before the folder is touched; DataError and RunDirectoryError.
    """
    stock, address = inventory.take(config.families, config.own_sources, config.allowed_modules), _address(address)
    with connected(address) if address else nullcontext(local_capacity()) as there:
        made = plan.make(config, stock, there, where)
        if only:
            made = single(made, config, stock, only, where)
        check_fits(made.trials, there)
        directory = RunDirectory.open(folder, config.to_kept_yaml())
        with directory.lock():
            hopeless = _opened(config, made, stock, directory, there).run(watch, executor, address)
            for look in range(1, 0 if only else len(config.looks)):
                if not (cells := wanting_seeds(analyse(directory.read()))):
                    break
                made = plan.grow(made, config, stock, look, cells)
                hopeless |= _opened(config, made, stock, directory, there, hopeless).run(watch, executor, address)
            result = publish(directory)
            Board(directory.paths.tensorboard, directory.files.write).result(result.run, result.summaries)
    return result


def _opened(
    config: Experiment,
    made: Plan,
    stock: Inventory,
    directory: RunDirectory,
    there: Capacity,
    hopeless: frozenset[str] = frozenset(),
) -> "_Session":
    """A session of what is neither finished nor `hopeless`, after what every session writes first."""
    finished = directory.finished()
    todo = [trial for trial in made.trials if trial.id not in finished and trial.id not in hopeless]
    directory.write_about(config.name, redact(config.question), config.margins, config.published, config.looks)
    directory.write_plan(made)
    directory.write_data([stock.data[name] for name in made.data])
    if todo or directory.lacks_environment():
        directory.write_environment(capture(there))
    return _Session(directory, made, todo, there, config)


class _Session:
    """One go at the trials that are not finished: keeps each outcome as it comes."""

    def __init__(
        self, directory: RunDirectory, made: Plan, todo: Sequence[Trial], there: Capacity, config: Experiment
    ) -> None:
        self._directory, self._todo, self._there, self._config = directory, todo, there, config
        self._planned, self._shown = len(made.trials), chosen(made)
        self._board = Board(directory.paths.tensorboard, directory.files.write)
        self._started, self._began = time.time(), time.monotonic()
        self._first_start = self._began
        self._ran = 0
        self._failed: set[str] = set()

    def run(self, watch: Watch, executor: Executor, address: str | None) -> frozenset[str]:
        """The ids of the trials that failed: this run does not try them again.

        Its timing is kept however it ends, and so is every outcome so far.
        """
        datasets = _datasets(self._todo, self._config)
        with watch(len(self._todo), self._planned - len(self._todo)) as display:
            if self._todo:
                try:
                    self._execute(datasets, display, executor, address)
                finally:
                    self._directory.write_timing(self._timing())
        return frozenset(self._failed)

    def _execute(
        self, datasets: Mapping[str, Dataset], display: Display, executor: Executor, address: str | None
    ) -> None:
        options: dict[str, Any] = {"kept": self._directory.snapshots, "alone": self._config.trials}
        if executor == "ray":
            options |= {"limits": self._config.gangs, "retries": self._config.retries}
        outcomes = EXECUTORS[executor](
            self._todo, datasets, address=address, on_start=lambda trial: self._on_start(trial, display), **options
        )
        with closing(outcomes):
            for outcome in outcomes:
                self._directory.write(outcome)
                if outcome.trial.id in self._shown:
                    self._board.outcome(outcome)
                self._ran += 1
                if isinstance(outcome, Failure):
                    self._failed.add(outcome.trial.id)
                display.ended(outcome)

    def _on_start(self, trial: Trial, display: Display) -> None:
        if self._first_start == self._began:
            self._first_start = time.monotonic()
        if trial.id in self._shown:
            self._board.started(trial)
        display.begun(trial)

    def _timing(self) -> RunTiming:
        return RunTiming(
            started=self._started,
            seconds=time.monotonic() - self._began,
            startup_seconds=self._first_start - self._began,
            trials_run=self._ran,
            trials_skipped=self._planned - len(self._todo),
            cpus=self._there.cpus,
        )


def _datasets(trials: Sequence[Trial], config: Experiment) -> dict[str, Dataset]:
    wanted = dict.fromkeys(trial.cell.data for trial in trials if not isinstance(trial, ExampleTrial))
    return {name: load(name, config.rows or None, config.own_sources) for name in wanted}


def _address(address: str | None) -> str | None:
    """Inside a Ray job RAY_ADDRESS names the cluster that the job runs on."""
    return address or os.environ.get("RAY_ADDRESS") or None
