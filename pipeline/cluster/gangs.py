"""Runs the trials that take a gang: as many gangs at a time as there is room for, each warm for its kind of trial."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, TypeGuard

import msgspec

from pipeline import interrupts
from pipeline.cluster.crew import Backlog, Crew
from pipeline.cluster.terms import Terms
from pipeline.cluster.worker import Runner
from pipeline.plan.resources import places
from pipeline.records import Capacity, GangLimits, Outcome, TrainTrial, Trial

# Of a crew, from its thread: (a trial, None) when it has begun, perhaps again; with its outcome; its end.
_Event = tuple[TrainTrial, Outcome | None] | Future[None]


def takes_gang(trial: Trial) -> TypeGuard[TrainTrial]:
    """Whether the trial takes several processes that start and end together."""
    return isinstance(trial, TrainTrial) and trial.cell.strategy.is_gang


def stream(
    trials: Iterable[TrainTrial],
    datasets: Mapping[str, Any],
    there: Capacity,
    *,
    runner: Runner,
    limits: GangLimits,
    on_start: Callable[[Trial], None],
) -> Generator[Outcome]:
    """Yields each trial's outcome as it ends.  `datasets` are references to Ray's object store.

    Closing the generator ends the gangs, and waits for their end.
    """
    for alike in by_kind(trials):
        yield from _stream(alike, datasets, Terms(limits, runner), room(alike, there), on_start)


def by_kind(trials: Iterable[TrainTrial]) -> list[list[TrainTrial]]:
    """The trials that one gang can run one after the other, together."""
    kinds: dict[Any, list[TrainTrial]] = {}
    for trial in trials:
        kinds.setdefault((trial.cell.strategy, trial.profile, trial.resources), []).append(trial)
    return list(kinds.values())


def room(alike: Sequence[TrainTrial], there: Capacity) -> int:
    """How many gangs can be at these trials at a time: one at least, not more than there are trials."""
    needs, gangs = alike[0].resources, 1
    while gangs < len(alike):
        if places(msgspec.structs.replace(needs, processes=(gangs + 1) * needs.processes), there):
            break
        gangs += 1
    return gangs


def _stream(
    alike: Sequence[TrainTrial],
    datasets: Mapping[str, Any],
    terms: Terms,
    crews: int,
    on_start: Callable[[Trial], None],
) -> Generator[Outcome]:
    backlog, events, begun, left = Backlog(alike, crews), SimpleQueue[_Event](), set[str](), len(alike)
    with ThreadPoolExecutor(crews) as threads:
        try:
            for _ in range(crews):
                crew = Crew(backlog, datasets, terms, tell=lambda trial, outcome: events.put((trial, outcome)))
                threads.submit(crew.work).add_done_callback(events.put)
            while left:
                event = events.get()
                interrupts.check()
                if isinstance(event, Future):
                    event.result()
                    continue
                trial, outcome = event
                if outcome is not None:
                    left -= 1
                    yield outcome
                elif trial.id not in begun:
                    begun.add(trial.id)
                    on_start(trial)
        finally:
            terms.stop.set()
