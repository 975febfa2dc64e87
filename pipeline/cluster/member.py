"""One process of a gang: where it is, what it runs, how far it is.

Ray calls `progress` on a thread of its own, so that it answers while a trial runs; everything else runs on one and
the same thread.  Frameworks keep state by thread.
"""

import os
import socket
from dataclasses import dataclass
from typing import cast

import ray

from pipeline.cluster.worker import Runner, failure_of, resolved, run_trial
from pipeline.records import Dataset, Evidence, Failure, Outcome, Trial
from pipeline.training.monitor import Snapshot

WATCH = "watch"  # the concurrency group of `progress`
AT_ONCE = 2  # peers that are asked one after the other may be an epoch apart: the last two have one in common
NEVER = (-1, -1)  # before every Snapshot.at


@dataclass(frozen=True)
class Place:
    """Where a member is; `port` is kept for it until it needs it."""

    host: str
    node: str
    ip: str
    port: int
    pid: int


@dataclass(frozen=True)
class Progress:
    """How far a member is in a trial: its signs of life so far, and what it can go on from, oldest first."""

    beats: int = 0
    snapshots: tuple[Snapshot, ...] = ()


class Watched:
    """The Monitor of a member's trial."""

    def __init__(self, resume: Snapshot | None) -> None:
        self.resume = resume
        self.beats = 0
        self.kept: tuple[Snapshot, ...] = ()

    def beat(self) -> None:
        self.beats += 1

    def due(self, *, epoch_ended: bool) -> bool:
        return epoch_ended

    def keep(self, snapshot: Snapshot) -> None:
        self.kept = (*self.kept, snapshot)[-AT_ONCE:]


class Member:
    """The Ray actor."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._monitor = Watched(None)
        self._serving = False

    def place(self) -> Place:
        """Takes a free port, and says where."""
        self._socket.bind(("", 0))
        node = ray.get_runtime_context().get_node_id()
        port = self._socket.getsockname()[1]
        return Place(socket.gethostname(), node, ray.util.get_node_ip_address(), port, os.getpid())

    def join(self, tf_config: str) -> None:
        """Makes this process the one that TF_CONFIG says, for good."""
        os.environ["TF_CONFIG"] = tf_config

    def begin(self, resume: Snapshot | None) -> Progress:
        """Must have answered before a trial is run, or served: `progress` is that trial's from then on."""
        self._monitor = Watched(resume)
        return Progress()

    def run(self, trial: Trial, dataset: Dataset | None, runner: Runner) -> Outcome:
        """The trial's outcome, as this member sees it."""

        def run(trial: Trial, dataset: Dataset | None) -> Evidence:
            self._socket.close()  # TensorFlow, imported by now, binds the port itself
            return cast(Evidence, resolved(runner.run)(trial, dataset, self._monitor))

        return run_trial(trial, dataset, Runner(run, runner.configure))

    def serve(self, trial: Trial, runner: Runner) -> Failure | None:
        """Starts this process's TensorFlow server, once; a Failure if that can't be done."""
        if self._serving:
            return None
        try:
            resolved(runner.configure)(trial.profile)
            self._socket.close()
            resolved(runner.serve)()
        except (Exception, SystemExit) as error:
            return failure_of(trial, error)
        self._serving = True
        return None

    @ray.method(concurrency_group=WATCH)  # type: ignore[untyped-decorator]
    def progress(self, after: tuple[int, int]) -> Progress:
        """How far the trial is, with the snapshots later than `after`.  A server progresses by answering."""
        monitor = self._monitor
        if self._serving:
            monitor.beat()
        return Progress(monitor.beats, tuple(kept for kept in monitor.kept if kept.at > after))
