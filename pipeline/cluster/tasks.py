"""Trials as Ray tasks: how one is submitted, and what comes back from it.

A task is a stream of two messages, "it has begun" and its outcome.  Over ray:// a task can't stream; there it gives
its outcome alone.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import ray

from pipeline.cluster.labels import accelerator_labels
from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.session import is_client
from pipeline.cluster.worker import Runner, run_trial
from pipeline.records import Dataset, ExampleTrial, Failure, FailureCategory, Outcome, TimeTrial, Trial

SYSTEM_RETRIES = 2  # Ray's own, after a worker or a node died; what a trial raises is never tried again
BEGUN = "begun"
TPU_TOPOLOGY_LABEL = "ray.io/tpu-topology"


class Tasks:
    """Submits trials.  `datasets` are references to Ray's object store, where workers read them without a copy."""

    def __init__(self, datasets: Mapping[str, Any], runner: Runner) -> None:
        self._datasets = datasets
        self._runner = runner
        self._client = is_client()
        self._remote = lru_cache(maxsize=None)(partial(_remote_function, self._client))

    def submit(self, trial: Trial, on_start: Callable[[Trial], None]) -> Any:
        """Hands the trial to Ray; what is returned can be waited for, and advanced when ready."""
        dataset = self._datasets[trial.cell.data] if not isinstance(trial, ExampleTrial) else None
        needs = trial.resources
        task = self._remote(needs.gpus, needs.tpus, isinstance(trial, TimeTrial)).options(
            num_cpus=needs.cpus,
            label_selector=_labels(trial),
            runtime_env={"env_vars": profile_environment(trial.profile) | _own_process(trial)},
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


def _remote_function(client: bool, gpus: float, tpus: float, fresh: bool) -> Any:
    """The Ray task for trials with this many GPUs or TPU chips; `fresh`: its process ends with the trial.

    A process keeps what it took of them until it ends.  Ray ends it after each task only if the decorator itself, not
    `.options`, has both num_gpus and max_calls.
    """
    options: dict[str, Any] = {"max_retries": SYSTEM_RETRIES}
    if gpus or tpus:
        options |= {"num_gpus": gpus, "resources": {"TPU": tpus} if tpus else {}, "max_calls": 1}
    if fresh:
        options["max_calls"] = 1
    if client:
        return ray.remote(**options)(run_trial)
    return ray.remote(num_returns="streaming", **options)(_streamed)


def _own_process(trial: Trial) -> dict[str, str]:
    """A variable that no other process has: Ray starts one for the time trial, instead of taking a warm one."""
    return {"PARITY_FRESH": trial.id} if isinstance(trial, TimeTrial) else {}


def _labels(trial: Trial) -> dict[str, str]:
    """The node labels that the trial needs: Ray labels nodes with a TPU slice's topology and the accelerator's kind."""
    topology = "" if isinstance(trial, ExampleTrial) else trial.cell.strategy.topology
    slice_labels = {TPU_TOPOLOGY_LABEL: topology} if topology and trial.resources.tpus else {}
    return slice_labels | accelerator_labels(trial.resources)


def _system_failure(trial: Trial, error: Exception) -> Failure:
    memory = isinstance(error, ray.exceptions.OutOfMemoryError)
    category: FailureCategory = "out_of_memory" if memory else "infrastructure"
    first_line = str(error).strip().partition("\n")[0]
    message = f"{type(error).__name__} after {SYSTEM_RETRIES} retries: {first_line}"
    return Failure(trial=trial, category=category, message=message, traceback=str(error))
