"""Runs the trials that take one process: many at a time, each watched, and tried again as often as its fault allows."""

import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from typing import Any

import msgspec
import ray

from pipeline import interrupts
from pipeline.cluster import signals
from pipeline.cluster.failed import failed
from pipeline.cluster.kept import Kept
from pipeline.cluster.running import Running
from pipeline.cluster.session import capacity_now
from pipeline.cluster.tasks import Tasks
from pipeline.cluster.told import Begun, Sign
from pipeline.errors import ClusterError, ParityError
from pipeline.plan.resources import places
from pipeline.records import Failure, Outcome, Retries, Trial, TrialLimits

POLL_SECONDS = 1.0
SAVE_SECONDS = 5.0  # for snapshots when the run is being closed
WORTH_SECONDS = 5.0  # what has run for less is not saved then


class Alone:
    """Those that run and those that wait, `most` of them at a time in Ray's hands."""

    def __init__(
        self,
        trials: Iterable[Trial],
        tasks: Tasks,
        most: int,
        limits: TrialLimits,
        retries: Retries,
        kept: Kept,
        on_start: Callable[[Trial], None],
    ) -> None:
        self._waiting, self._tasks, self._most = deque(trials), tasks, most
        self._limits, self._retries, self._kept, self._on_start = limits, retries, kept, on_start
        self._running: dict[Any, Running] = {}
        self._failed: Counter[tuple[str, str]] = Counter()  # by trial and category
        self._told: set[str] = set()  # trials that on_start has heard of
        self._moved = self._listened = time.monotonic()  # when a worker was last heard of; when one could be

    def outcomes(self) -> Generator[Outcome]:
        """Each trial's last one, as it comes.  Closing it saves and ends what runs."""
        try:
            while self._waiting or self._running:
                interrupts.check()
                self._fill()
                ended = [self._advance(task) for task in self._ready()] + self._overdue()
                yield from (outcome for outcome in ended if outcome is not None)
        finally:
            self._close()

    def _ready(self) -> list[Any]:
        """Those with something to say, as soon as there is one: all at once, or a large cluster would be heard late."""
        tasks = list(self._running)
        ready, _ = ray.wait(tasks, num_returns=1, timeout=POLL_SECONDS)
        return list(ray.wait(tasks, num_returns=len(tasks), timeout=0)[0]) if ready else []

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._most:
            trial = self._waiting.popleft()
            task = self._tasks.submit(trial, self._kept.load(trial.id))
            self._running[task] = Running(trial, self._limits)
            if not self._tasks.streams:
                self._begin(trial)

    def _advance(self, task: Any) -> Outcome | None:
        """Hears one message.  The trial's outcome if that was its last."""
        running = self._running[task]
        message = self._tasks.next(task, running.trial)
        self._moved = now = time.monotonic()
        if isinstance(message, Begun):
            running.begin(message, now)
            self._begin(running.trial)
        elif isinstance(message, Sign):
            running.hear(message, now)
            if message.snapshot:
                self._kept.save(running.trial.id, message.snapshot)
        else:
            return self._settle(task, message)
        return None

    def _begin(self, trial: Trial) -> None:
        if trial.id not in self._told:
            self._told.add(trial.id)
            self._on_start(trial)

    def _settle(self, task: Any, outcome: Outcome) -> Outcome | None:
        """The outcome, if the trial is not to be tried again."""
        del self._running[task]
        trial = outcome.trial
        attempts = 1 + sum(self._failed[trial.id, category] for category in vars(self._retries))
        if not isinstance(outcome, Failure):
            worker = msgspec.structs.replace(outcome.worker, attempts=attempts)
            return msgspec.structs.replace(outcome, worker=worker)
        self._failed[trial.id, outcome.category] += 1
        if self._failed[trial.id, outcome.category] <= self._retries.of(outcome.category):
            self._waiting.appendleft(trial)
            return None
        return msgspec.structs.replace(outcome, attempts=attempts)

    def _overdue(self) -> list[Outcome | None]:
        """Ends the trials that have been silent for too long, and those that no worker can begin."""
        now, ended = time.monotonic(), list[Outcome | None]()
        deaf, self._listened = max(0.0, now - self._listened - POLL_SECONDS), now
        for running in self._running.values():
            running.pardon(deaf)
        self._moved += deaf
        for task, running in list(self._running.items()):
            if running.worker and (why := running.overdue(now)):
                signals.send(running.worker, signal.SIGKILL)
                message = f"was ended on {running.worker}: {why}"
                ended.append(self._settle(task, failed(running.trial, "timeout", message)))
        begun = any(running.worker for running in self._running.values())
        if self._tasks.streams and self._running and not begun and now - self._moved > self._limits.start_seconds:
            ended += self._stranded()
        return ended

    def _stranded(self) -> list[Outcome | None]:
        """The trials that there is no place for any more; ClusterError if there is one for all of them."""
        there, ended = capacity_now(), list[Outcome | None]()
        for task, running in list(self._running.items()):
            if lacking := places(running.trial.resources, there):
                with suppress(ray.exceptions.RayError):
                    ray.cancel(task, force=True)
                ended.append(self._settle(task, failed(running.trial, "infeasible", f"needs {lacking}")))
        if not ended:
            what = f"no worker has begun a trial within {self._limits.start_seconds:g} s"
            raise ClusterError("Ray", what, "look at `ray status` and Ray's logs; the same command resumes the run")
        return ended

    def _close(self) -> None:
        try:
            with suppress(ray.exceptions.RayError, ParityError):
                self._save()
        finally:
            for task in self._running:
                with suppress(ray.exceptions.RayError):
                    ray.cancel(task, force=True)

    def _save(self) -> None:
        """Gives notice to what has trained for a while, and keeps what it hands over."""
        deadline = time.monotonic() + SAVE_SECONDS
        saving = {task: run for task, run in self._running.items() if run.is_worth(WORTH_SECONDS, time.monotonic())}
        for running in saving.values():
            if running.worker:
                signals.send(running.worker, signal.SIGTERM)
        while saving and (left := deadline - time.monotonic()) > 0:
            ready, _ = ray.wait(list(saving), num_returns=1, timeout=left)
            for task in ready:
                message = self._tasks.next(task, saving[task].trial)
                if isinstance(message, Sign) and message.snapshot:
                    self._kept.save(saving[task].trial.id, message.snapshot)
                elif not isinstance(message, Begun | Sign):
                    del saving[task]
