"""Trials as Ray tasks: how one is submitted, and what comes back from it.

A task is a stream of two messages, "it has begun" and its outcome.  Over ray:// a task can't stream; there it gives
its outcome alone.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import ray

from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.session import is_client
from pipeline.cluster.worker import Runner, run_trial
from pipeline.records import Dataset, ExampleTrial, Failure, FailureCategory, Outcome, Trial

SYSTEM_RETRIES = 2  # Ray's own, after a worker or a node died; what a trial raises is never tried again
BEGUN = "begun"


class Tasks:
    """Submits trials.  Each data set is put into the object store once, where workers read it without a copy."""

    def __init__(self, datasets: Mapping[str, Dataset], runner: Runner) -> None:
        self._datasets = {name: ray.put(dataset) for name, dataset in datasets.items()}
        self._runner = runner
        self._client = is_client()
        self._remote = lru_cache(maxsize=None)(partial(_remote_function, self._client))

    def submit(self, trial: Trial, on_start: Callable[[Trial], None]) -> Any:
        """Hands the trial to Ray; what is returned can be waited for, and advanced when ready."""
        dataset = self._datasets[trial.cell.data] if not isinstance(trial, ExampleTrial) else None
        task = self._remote(trial.resources.gpus).options(
            num_cpus=trial.resources.cpus, runtime_env={"env_vars": profile_environment(trial.profile)}
        )
        if self._client:
            on_start(trial)
        return task.remote(trial, dataset, self._runner)

    def advance(self, task: Any, trial: Trial, on_start: Callable[[Trial], None]) -> Outcome | None:
        """The outcome of a ready task; None, after calling `on_start`, if the trial has just begun."""
        try:
            message = ray.get(task if self._client else next(task))
        except ray.exceptions.RayError as error:
            return _system_failure(trial, error)
        if message == BEGUN:
            on_start(trial)
            return None
        outcome: Outcome = message
        return outcome


def _streamed(trial: Trial, dataset: Dataset | None, runner: Runner) -> Iterator[str | Outcome]:
    yield BEGUN
    yield run_trial(trial, dataset, runner)


def _remote_function(client: bool, gpus: float) -> Any:
    """The Ray task for trials with this many GPUs.

    A process keeps the GPU memory it took until it ends.  Ray ends it after each task only if the decorator itself,
    not `.options`, has both num_gpus and max_calls.
    """
    options: dict[str, Any] = {"max_retries": SYSTEM_RETRIES}
    if gpus:
        options |= {"num_gpus": gpus, "max_calls": 1}
    if client:
        return ray.remote(**options)(run_trial)
    return ray.remote(num_returns="streaming", **options)(_streamed)


def _system_failure(trial: Trial, error: Exception) -> Failure:
    memory = isinstance(error, ray.exceptions.OutOfMemoryError)
    category: FailureCategory = "out_of_memory" if memory else "infrastructure"
    first_line = str(error).strip().partition("\n")[0]
    message = f"{type(error).__name__} after {SYSTEM_RETRIES} retries: {first_line}"
    return Failure(trial=trial, category=category, message=message, traceback=str(error))
