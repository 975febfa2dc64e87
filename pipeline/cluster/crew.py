"""A gang at work: trial after trial, formed anew when it is lost."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from pipeline.cluster.attempt import Attempt
from pipeline.cluster.failed import failed
from pipeline.cluster.gang import Gang, form
from pipeline.cluster.session import capacity_now
from pipeline.cluster.snapshots import Snapshots
from pipeline.cluster.terms import CATEGORY, GangLost, NoPlaceError, Stopped, Terms
from pipeline.cluster.tf_config import trainers
from pipeline.plan.resources import places
from pipeline.records import Failure, FailureCategory, Outcome, TrainTrial

Tell = Callable[[TrainTrial, Outcome | None], None]  # None: the trial has begun


class Backlog:
    """The trials that several crews share.  A crew that finds it empty, or gives one back, has left."""

    def __init__(self, trials: Iterable[TrainTrial], crews: int) -> None:
        self._trials, self._crews, self._lock = deque(trials), crews, threading.Lock()

    def take(self) -> TrainTrial | None:
        """The next trial; None if there is none."""
        with self._lock:
            if self._trials:
                return self._trials.popleft()
            self._crews -= 1
            return None

    def give_back(self, trial: TrainTrial) -> bool:
        """Leaves the trial to the other crews; False if there are none."""
        with self._lock:
            if self._crews == 1:
                return False
            self._trials.appendleft(trial)
            self._crews -= 1
            return True


class Crew:
    """Works through a backlog with one gang at a time; `tell` hears what becomes of each trial."""

    def __init__(self, backlog: Backlog, datasets: Mapping[str, Any], terms: Terms, tell: Tell) -> None:
        self._backlog, self._datasets, self._terms, self._tell = backlog, datasets, terms, tell
        self._gang: Gang | None = None

    def work(self) -> None:
        """Until the backlog is empty, there is no place for a gang, or the run is being closed.  Ends its gang."""
        try:
            while (trial := self._backlog.take()) is not None:
                try:
                    self._tell(trial, self._outcome(trial))
                except NoPlaceError as error:
                    if self._backlog.give_back(trial):
                        return
                    category: FailureCategory = "infeasible" if places(trial.resources, capacity_now()) else CATEGORY
                    self._tell(trial, failed(trial, category, str(error)))
        except Stopped:
            return
        finally:
            self._disband()

    def _outcome(self, trial: TrainTrial) -> Outcome:
        """Of the first attempt that is not lost; a Failure if all are."""
        attempts = self._terms.limits.restarts + 1
        snapshots = Snapshots(trainers(trial.cell.strategy))
        losses, lost_to = list[str](), CATEGORY
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(trial, snapshots, attempt)
            except GangLost as lost:
                losses.append(f"attempt {attempt}: {lost}")
                lost_to = lost.category
                self._disband()
        message = f"the gang was lost in each of {attempts} attempts; {losses[-1]}"
        return failed(trial, lost_to, message, traceback="\n".join(losses), attempts=attempts)

    def _attempt(self, trial: TrainTrial, snapshots: Snapshots, attempt: int) -> Outcome:
        self._gang = gang = self._gang or form(trial, self._terms)
        dataset = self._datasets[trial.cell.data]
        running = Attempt(gang, trial, dataset, snapshots, self._terms)
        begun = partial(self._tell, trial, None)
        outcome = running.outcome(begun)
        begun()  # a short trial may have ended before it was seen to begin
        if isinstance(outcome, Failure):
            self._disband()  # the peers of the one that failed may wait for it
            return outcome
        members = tuple(str(seat) for seat in gang.seats)
        worker = msgspec.structs.replace(outcome.worker, members=members, attempts=attempt)
        return msgspec.structs.replace(outcome, worker=worker)

    def _disband(self) -> None:
        if self._gang is not None:
            self._gang.disband()
            self._gang = None
