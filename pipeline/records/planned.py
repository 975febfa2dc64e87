"""What is compared, and the trials that compare it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.records.base import Example, Record, Style


@dataclass(frozen=True)
class Strategy:
    """One tf.distribute strategy with its options.  Part of the config schema."""

    name: str = "default"
    devices: int = 1

    @property
    def label(self) -> str:
        """`one_device`, `mirrored(2)`."""
        return f"{self.name}({self.devices})" if self.devices > 1 else self.name


class Cell(Record, frozen=True):
    """What a verdict is about: a pair of styles of one family on one data set in one setting."""

    family: str
    baseline: Style
    candidate: Style
    data: str
    strategy: Strategy
    frontend: str = "keras"
    dtype_policy: str = "float32"
    jit: bool = False

    @property
    def label(self) -> str:
        """One line that names the cell; unique within a plan."""
        jit = " jit" if self.jit else ""
        return (
            f"{self.family} {self.candidate} vs {self.baseline} · {self.data} · {self.strategy.label} · "
            f"{self.frontend} · {self.dtype_policy}{jit}"
        )


class Profile(Record, frozen=True):
    """What a worker process is set up with before TensorFlow's first use, and can't change afterwards."""

    frontend: str = "keras"
    device: Literal["cpu", "gpu", "tpu"] = "cpu"
    logical_devices: int = 1
    threads: int = 1
    deterministic: bool = True


class Resources(Record, frozen=True):
    """What a trial holds on the cluster while it runs."""

    cpus: float = 1.0
    gpus: float = 0.0


@dataclass(frozen=True)
class Training:
    """How a train trial trains.  `steps` limits the steps of an epoch (0: all).  Part of the config schema."""

    epochs: int = 5
    global_batch: int = 128
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    dropout: float = 0.0
    steps_per_call: int = 50
    steps: int = 0


class CertifyTrial(Record, frozen=True, tag_field="kind", tag="certify"):
    """Certifies the pair of a cell, once for all strategies, jit settings and seeds.  `time_limit` in seconds."""

    id: str
    cell: Cell
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources
    time_limit: float

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        cell = self.cell
        pair = f"{cell.family} {cell.candidate} vs {cell.baseline}"
        return f"certify {pair} · {cell.data} · {cell.frontend} · {cell.dtype_policy}"


class TrainTrial(Record, frozen=True, tag_field="kind", tag="train"):
    """Trains both arms of a cell with one seed.

    `options` are the family's spec fields, e.g. {"units": 64}.  `rows` is how many examples of the data set are used
    (0: all).
    """

    id: str
    cell: Cell
    seed: int
    training: Training
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources
    rows: int = 0

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        return f"{self.cell.label} · seed {self.seed}"


class ExampleTrial(Record, frozen=True, tag_field="kind", tag="example"):
    """Runs one of the article's examples as it stands, under one frontend."""

    id: str
    example: Example
    frontend: str
    profile: Profile
    resources: Resources

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        return f"article example {self.example} · {self.frontend}"


Trial = CertifyTrial | TrainTrial | ExampleTrial


class ExcludedCell(Record, frozen=True):
    """A cell that the config asks for and that does not run, with the reason in a sentence."""

    cell: Cell
    verdict: Literal["unsupported", "infeasible"]
    reason: str


class Plan(Record, frozen=True):
    """Everything that a config asks for: the trials in order, and the cells that can't run."""

    trials: tuple[Trial, ...]
    excluded: tuple[ExcludedCell, ...]
    data: tuple[str, ...]
    cells: tuple[Cell, ...]  # those that run
