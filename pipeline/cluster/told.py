"""A trial in the worker process that runs it, told to the driver as a stream: it has begun, how far it is, its outcome.

The trial runs on a thread of its own, always the same one, because frameworks keep state by thread; the process's main
thread tells, so that it can tell of a trial that is stuck.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import cast

import ray

from pipeline.cluster.worker import Runner, failure_of, resolved, run_trial
from pipeline.errors import TrialError
from pipeline.records import Dataset, Evidence, Outcome, Trial
from pipeline.training.kept import pack, unpack
from pipeline.training.monitor import Snapshot

SIGN_SECONDS = 1.0  # between two signs
SPARING = 20  # times what it takes to make a snapshot: no more than 5 % of a trial
GRACE_SECONDS = 10.0  # after notice, for a trial to come to a point where it can be kept
PREEMPTED = "its worker was told to end (SIGTERM)"


@dataclass(frozen=True)
class Begun:
    """The trial has begun, in this process."""

    node: str
    host: str
    pid: int

    def __str__(self) -> str:
        """`host/node pid 1234`."""
        return f"{self.host}/{self.node[:8]} pid {self.pid}"


@dataclass(frozen=True)
class Sign:
    """How far the trial is: its signs of progress so far, and a new snapshot as bytes, if there is one."""

    beats: int
    snapshot: bytes = b""


Message = Begun | Sign | Outcome


class Told:
    """The trial's Monitor.  A snapshot is due every `interval` seconds, and when the worker was told to end."""

    def __init__(self, resume: bytes, interval: float) -> None:
        self.resume = unpack(resume) if resume else None
        self.beats = 0
        self.notice = threading.Event()
        self._interval, self._next = interval, time.monotonic() + interval
        self._packed = b""

    def beat(self) -> None:
        self.beats += 1

    def due(self, *, epoch_ended: bool) -> bool:
        del epoch_ended
        return self.notice.is_set() or time.monotonic() >= self._next

    def keep(self, snapshot: Snapshot) -> None:
        began = time.monotonic()
        self._packed = pack(snapshot)
        now = time.monotonic()
        self._next = now + max(self._interval, SPARING * (now - began))
        if self.notice.is_set():
            raise TrialError("preempted", PREEMPTED)

    def take(self) -> bytes:
        """The newest snapshot; empty if it has been taken before."""
        packed, self._packed = self._packed, b""
        return packed


def stream(trial: Trial, dataset: Dataset | None, runner: Runner, resume: bytes, interval: float) -> Iterator[Message]:
    """What the driver hears.  `resume` is a snapshot to go on from, or empty.

    After SIGTERM a trial that trains is kept as it is and then fails as preempted, and the process ends.
    """
    yield Begun(ray.get_runtime_context().get_node_id(), socket.gethostname(), os.getpid())
    told = Told(resume, interval)
    with _notices(told.notice):
        running = _trial_thread().submit(_run, trial, dataset, runner, told)
        left = GRACE_SECONDS
        while left > 0 and not wait([running], SIGN_SECONDS).done:
            yield Sign(told.beats, told.take())
            left -= SIGN_SECONDS if told.notice.is_set() else 0
        outcome = _outcome(running, trial)
        if snapshot := told.take():
            yield Sign(told.beats, snapshot)
        yield outcome
        if told.notice.is_set():  # ends before this task does, or Ray would give this process another trial
            time.sleep(SIGN_SECONDS)
            os._exit(128 + signal.SIGTERM)


def _outcome(running: "Future[Outcome]", trial: Trial) -> Outcome:
    return running.result() if running.done() else failure_of(trial, TrialError("preempted", PREEMPTED))


def _run(trial: Trial, dataset: Dataset | None, runner: Runner, told: Told) -> Outcome:
    def run(trial: Trial, dataset: Dataset | None) -> Evidence:
        return cast(Evidence, resolved(runner.run)(trial, dataset, monitor=told))

    try:
        return run_trial(trial, dataset, Runner(run, runner.configure))
    except BaseException as error:  # user code's own: no signal reaches this thread
        return failure_of(trial, error)


@cache
def _trial_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="trial")


@contextmanager
def _notices(notice: threading.Event) -> Iterator[None]:
    """SIGTERM sets the event meanwhile."""
    before = signal.signal(signal.SIGTERM, lambda *_: notice.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
