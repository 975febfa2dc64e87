"""Runs trials on Ray: many at once, each in a warm worker process of its profile, or in a gang of them."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import ray

from pipeline.cluster import gangs
from pipeline.cluster.capacity import check_fits
from pipeline.cluster.gangs import takes_gang
from pipeline.cluster.session import connected
from pipeline.cluster.tasks import Tasks
from pipeline.cluster.worker import TRAINING, Runner
from pipeline.records import Capacity, Dataset, GangLimits, Outcome, Profile, TimeTrial, Trial

USUAL_LIMITS = GangLimits()


def _nothing(trial: Trial) -> None:
    del trial


def execute(
    trials: Sequence[Trial],
    datasets: Mapping[str, Dataset],
    *,
    address: str | None = None,
    on_start: Callable[[Trial], None] = _nothing,
    runner: Runner = TRAINING,
    limits: GangLimits = USUAL_LIMITS,
) -> Generator[Outcome]:
    """Yields each trial's outcome as it ends: first those of one process, in no particular order, then gangs'.

    Time trials come last: each takes all of a machine, which is then free of others.
    `datasets` are those that the trials name.  `on_start` is called here, on the driver, when the driver hears from a
    worker that the trial has begun there (over ray://, when the trial is handed to the cluster).
    A trial that fails is a Failure among the outcomes; ClusterError if there is no cluster or one too small.
    Closing the generator, or Ctrl-C, kills what runs and shuts down a Ray that was started here; close it with
    `contextlib.closing` where the loop over it can raise.
    """
    if not trials:
        return
    with connected(address) as there:
        check_fits(trials, there)
        stored = {name: ray.put(dataset) for name, dataset in datasets.items()}
        tasks, timed = Tasks(stored, runner), [trial for trial in trials if isinstance(trial, TimeTrial)]
        alone = by_profile(trial for trial in trials if not (takes_gang(trial) or isinstance(trial, TimeTrial)))
        yield from _stream(deque(alone), tasks, _most_in_flight(alone, there), on_start)
        together = filter(takes_gang, trials)
        yield from gangs.stream(together, stored, there, runner=runner, limits=limits, on_start=on_start)
        yield from _stream(deque(timed), tasks, _most_in_flight(timed, there), on_start)


def by_profile(trials: Iterable[Trial]) -> list[Trial]:
    """The trials with those of one profile together, else in their order: each change of profile costs new workers."""
    groups: dict[Profile, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.profile, []).append(trial)
    return [trial for group in groups.values() for trial in group]


def _most_in_flight(trials: Sequence[Trial], there: Capacity) -> int:
    """Twice what can run at once: no worker waits for the driver, and a long plan doesn't flood the cluster."""
    smallest = min((trial.resources.cpus for trial in trials), default=0) or 1.0
    return 2 * max(1, int(there.cpus / smallest))


def _stream(
    waiting: deque[Trial], tasks: Tasks, most_in_flight: int, on_start: Callable[[Trial], None]
) -> Generator[Outcome]:
    in_flight: dict[Any, Trial] = {}
    try:
        while waiting or in_flight:
            while waiting and len(in_flight) < most_in_flight:
                trial = waiting.popleft()
                in_flight[tasks.submit(trial, on_start)] = trial
            (task, *_), _ = ray.wait(list(in_flight), num_returns=1)
            outcome = tasks.advance(task, in_flight[task], on_start)
            if outcome is not None:
                del in_flight[task]
                yield outcome
    finally:
        for task in in_flight:
            with suppress(ray.exceptions.RayError):
                ray.cancel(task, force=True)
