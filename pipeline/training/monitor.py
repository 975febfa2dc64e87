"""What a trial tells while it runs, and what it can go on from after its processes were lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy.typing as npt

from pipeline.records import ArmResult

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class TrainedArm:
    """What training an arm gave, and its final weights by role."""

    result: ArmResult
    weights: Mapping[str, Array]
    replicas: Mapping[str, float] = field(default_factory=dict)  # largest difference between two replicas, by role
    histograms: Mapping[str, Array] = field(default_factory=dict)  # as pipeline.training.histograms keeps them
    graph: bytes = b""  # of the forward pass, where the trial keeps it


@dataclass(frozen=True)
class Snapshot:
    """A trial after so many epochs of one arm: nothing else is needed to go on bit for bit.

    `variables` are this process's copies of every variable of arm and optimizer, one array per local replica.
    `finished` are the arms trained before; the rest is the arm's history so far, one value per epoch.
    """

    finished: tuple[TrainedArm, ...]
    epoch: int
    variables: tuple[tuple[Array, ...], ...]
    train_loss: tuple[float, ...]
    metrics: tuple[Mapping[str, float], ...]
    seconds: tuple[float, ...]
    histograms: tuple[Mapping[str, Array], ...] = ()

    @property
    def at(self) -> tuple[int, int]:
        """(Arms finished, epochs of the next): snapshots of a gang's members belong together where this is equal."""
        return len(self.finished), self.epoch


class Monitor(Protocol):
    """Where a trial reports to.  `resume` is the snapshot to go on from, None at the first attempt."""

    @property
    def resume(self) -> Snapshot | None: ...

    def beat(self) -> None:
        """The trial has made progress."""

    def keep(self, snapshot: Snapshot) -> None:
        """The trial can go on from here."""


def _nothing() -> None: ...


@dataclass(frozen=True)
class Unkept:
    """For training that is short enough to begin anew: keeps no snapshot."""

    beat: Callable[[], None] = _nothing
    resume: Snapshot | None = None

    def keep(self, snapshot: Snapshot) -> None:
        """Forgets it."""


UNWATCHED = Unkept()
