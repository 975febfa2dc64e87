"""Trials as Ray tasks: how one is submitted, and what comes back from it.

A task is a stream of messages, of which the last is the outcome.  Over ray:// a task can't stream; there it gives its
outcome alone.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import ray

from pipeline.cluster.blame import category_of
from pipeline.cluster.failed import failed
from pipeline.cluster.labels import accelerator_labels
from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.session import is_client
from pipeline.cluster.told import Message, stream
from pipeline.cluster.worker import Runner, run_trial
from pipeline.records import ExampleTrial, Failure, TimeTrial, Trial

TPU_TOPOLOGY_LABEL = "ray.io/tpu-topology"


class Tasks:
    """Submits trials.  `datasets` are references to Ray's object store, where workers read them without a copy."""

    def __init__(self, datasets: Mapping[str, Any], runner: Runner, snapshot_seconds: float) -> None:
        self._datasets, self._runner, self._interval = datasets, runner, snapshot_seconds
        self.streams = not is_client()
        self._remote = lru_cache(maxsize=None)(partial(_remote_function, self.streams))

    def submit(self, trial: Trial, resume: bytes) -> Any:
        """Hands the trial to Ray, with the snapshot to go on from; what is returned can be waited for."""
        dataset = self._datasets[trial.cell.data] if not isinstance(trial, ExampleTrial) else None
        needs = trial.resources
        task = self._remote(needs.gpus, needs.tpus, isinstance(trial, TimeTrial)).options(
            num_cpus=needs.cpus,
            label_selector=_labels(trial),
            runtime_env={"env_vars": profile_environment(trial.profile) | _own_process(trial)},
        )
        if not self.streams:
            return task.remote(trial, dataset, self._runner)
        return task.remote(trial, dataset, self._runner, resume, self._interval)

    def next(self, task: Any, trial: Trial) -> Message:
        """The next message of a task that is ready; a Failure if it was lost."""
        try:
            message: Message = ray.get(next(task) if self.streams else task)
        except ray.exceptions.RayError as error:
            return _system_failure(trial, error)
        except StopIteration:
            return failed(trial, "infrastructure", "its task ended without an outcome")
        return message


def _remote_function(streams: bool, gpus: float, tpus: float, fresh: bool) -> Any:
    """The Ray task for trials with this many GPUs or TPU chips; `fresh`: its process ends with the trial.

    A process keeps what it took of them until it ends.  Ray ends it after each task only if the decorator itself, not
    `.options`, has both num_gpus and max_calls.  Ray tries nothing again: what is, and how often, is the driver's.
    """
    options: dict[str, Any] = {"max_retries": 0}
    if gpus or tpus:
        options |= {"num_gpus": gpus, "resources": {"TPU": tpus} if tpus else {}, "max_calls": 1}
    if fresh:
        options["max_calls"] = 1
    return ray.remote(num_returns="streaming", **options)(stream) if streams else ray.remote(**options)(run_trial)


def _own_process(trial: Trial) -> dict[str, str]:
    """A variable that no other process has: Ray starts one for the time trial, instead of taking a warm one."""
    return {"PARITY_FRESH": trial.id} if isinstance(trial, TimeTrial) else {}


def _labels(trial: Trial) -> dict[str, str]:
    """The node labels that the trial needs: Ray labels nodes with a TPU slice's topology and the accelerator's kind."""
    topology = "" if isinstance(trial, ExampleTrial) else trial.cell.strategy.topology
    slice_labels = {TPU_TOPOLOGY_LABEL: topology} if topology and trial.resources.tpus else {}
    return slice_labels | accelerator_labels(trial.resources)


def _system_failure(trial: Trial, error: Exception) -> Failure:
    first_line = str(error).strip().partition("\n")[0]
    return failed(trial, category_of(error), f"{type(error).__name__}: {first_line}", traceback=str(error))
