"""One attempt of a gang at a trial, watched until every member is done."""

import time
from collections.abc import Callable
from typing import Any

import ray

from pipeline.cluster.blame import category_of
from pipeline.cluster.gang import Gang, Seat, first_line
from pipeline.cluster.member import NEVER, Progress
from pipeline.cluster.silence import Silence
from pipeline.cluster.snapshots import Snapshots
from pipeline.cluster.terms import GangLost, Terms
from pipeline.cluster.tf_config import trainers
from pipeline.records import Failure, Outcome, TrainTrial

POLL_SECONDS = 0.1
ANSWER_SECONDS = 0.05  # more than an answer takes
SETTLE_SECONDS = 2.0  # for the other members' outcomes after a failure: an effect may be heard before its cause


class Attempt:
    """Starts the trial on every member, from the newest of the snapshots."""

    def __init__(self, gang: Gang, trial: TrainTrial, dataset: Any, snapshots: Snapshots, terms: Terms) -> None:
        self._gang, self._snapshots, self._terms = gang, snapshots, terms
        self._silence = Silence([seat.name for seat in gang.seats], terms.limits, time.monotonic())
        self._trainers = trainers(trial.cell.strategy)
        self._asked: dict[Any, Seat] = {}
        self._evidence: dict[str, Outcome] = {}
        self._failures: dict[str, Failure] = {}
        self._running = {self._start(seat, trial, dataset): seat for seat in gang.seats}

    def outcome(self, on_start: Callable[[], None]) -> Outcome:
        """The chief's evidence, or the trial's own Failure; calls `on_start` when the chief has begun.

        Raises GangLost where a member died, fell silent, or failed because a peer did; Stopped.
        """
        while self._running:
            self._watch(on_start)
            self._collect()
            if self._failures:
                return self._failure()
        return self._evidence[self._gang.seats[0].name]

    def _start(self, seat: Seat, trial: TrainTrial, dataset: Any) -> Any:
        resume = self._snapshots.newest().get(seat.name)
        self._asked[seat.actor.begin.remote(resume)] = seat
        if seat.name in self._trainers:
            return seat.actor.run.remote(trial, dataset, self._terms.runner)
        return seat.actor.serve.remote(trial, self._terms.runner)

    def _collect(self) -> None:
        """Takes the results that come within POLL_SECONDS.  A server's is None: it has started."""
        self._terms.check()
        done, _ = ray.wait(list(self._running), timeout=POLL_SECONDS)
        for task in done:
            seat = self._running.pop(task)
            result: Outcome | None = _answer(task, seat)
            if isinstance(result, Failure):
                self._failures[seat.name] = result
            elif result is not None:
                self._evidence[seat.name] = result

    def _failure(self) -> Failure:
        """The failure that belongs to the trial; GangLost if there is none, or a member has died."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while self._running and time.monotonic() < deadline:
            self._collect()
        for failure in self._failures.values():
            if failure.category != "infrastructure":
                return failure
        raise GangLost("; ".join(f"{name}: {failure.message}" for name, failure in self._failures.items()))

    def _watch(self, on_start: Callable[[], None]) -> None:
        """Asks every member how far it is; one that doesn't answer at once is heard, or missed, at a later time."""
        for seat in self._gang.seats:
            if seat not in self._asked.values():
                after = self._snapshots.last(seat.name) if seat.name in self._trainers else NEVER
                self._asked[seat.actor.progress.remote(after)] = seat
        heard, _ = ray.wait(list(self._asked), num_returns=len(self._asked), timeout=ANSWER_SECONDS)
        for task in heard:
            seat = self._asked.pop(task)
            self._hear(seat, _answer(task, seat), on_start)
        awaited = [seat.name for seat in self._gang.seats if seat.name not in self._evidence]
        if broken := self._silence.broken(awaited, time.monotonic()):
            raise GangLost(broken, "timeout")

    def _hear(self, seat: Seat, progress: Progress, on_start: Callable[[], None]) -> None:
        self._silence.heard(seat.name, progress.beats, time.monotonic())
        if progress.snapshots:
            self._snapshots.add(seat.name, progress.snapshots)
        if seat is self._gang.seats[0]:
            on_start()


def _answer(task: Any, seat: Seat) -> Any:
    try:
        return ray.get(task)
    except ray.exceptions.RayError as error:
        raise GangLost(f"{seat} was lost ({first_line(error)})", category_of(error)) from error
