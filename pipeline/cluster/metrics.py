"""How far a run is, among Ray's own metrics, for Prometheus and Grafana.

ray_parity_trials{Run, State}                          waiting, running, finished, failed; Run is the folder's name
ray_parity_examples_per_second{Run, Family, Style}     of the last trial that trained
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any

import ray

from pipeline.cluster.session import is_client
from pipeline.progress import Display
from pipeline.records import Failure, Outcome, TrainEvidence, Trial

TRIALS, SPEED = "parity_trials", "parity_examples_per_second"

Watch = Callable[[int, int], AbstractContextManager[Display]]


def exported(watch: Watch, run: str) -> Watch:
    """The same watch, which also counts the trials of `run` in the metrics of the Ray that they run on."""

    @contextmanager
    def both(todo: int, before: int) -> Iterator[Display]:
        with watch(todo, before) as shown:
            yield _Counts(shown, run, todo, before)

    return both


class _Counts:
    """A Display that hands everything on, and counts it.  Without Ray it only hands on."""

    def __init__(self, shown: Display, run: str, todo: int, before: int) -> None:
        self._shown, self._run = shown, run
        self._trials = {"waiting": todo, "running": 0, "finished": before, "failed": 0}
        self._begun: set[str] = set()

    def begun(self, trial: Trial) -> None:
        self._begun.add(trial.id)
        self._move("waiting", "running")
        self._shown.begun(trial)

    def ended(self, outcome: Outcome) -> None:
        was = "running" if outcome.trial.id in self._begun else "waiting"
        self._begun.discard(outcome.trial.id)
        self._move(was, "failed" if isinstance(outcome, Failure) else "finished")
        if isinstance(outcome, TrainEvidence) and _can_record():
            for arm in outcome.arms:
                tags = {"Run": self._run, "Family": outcome.trial.cell.family, "Style": arm.style}
                self._speed.set(arm.examples_per_second, tags=tags)
        self._shown.ended(outcome)

    def _move(self, out_of: str, into: str) -> None:
        self._trials[out_of] -= 1
        self._trials[into] += 1
        if _can_record():
            for state, count in self._trials.items():
                self._gauge.set(count, tags={"Run": self._run, "State": state})

    @cached_property
    def _gauge(self) -> Any:
        from ray.util.metrics import Gauge

        return Gauge(TRIALS, description="Trials of a run by state.", tag_keys=("Run", "State"))

    @cached_property
    def _speed(self) -> Any:
        from ray.util.metrics import Gauge

        told = "Examples per second of the last trial that trained."
        return Gauge(SPEED, description=told, tag_keys=("Run", "Family", "Style"))


def _can_record() -> bool:
    """A driver inside the cluster: one beyond ray:// has no node whose agent would export its metrics."""
    return bool(ray.is_initialized()) and not is_client()
