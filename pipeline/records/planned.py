"""What is compared, and the trials that compare it."""

from collections.abc import Mapping
from typing import Literal

from pipeline.records.base import Device, Example, Loop, Record, Style
from pipeline.records.strategy import Strategy
from pipeline.records.timing import Timing
from pipeline.records.training import Training


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
    loop: Loop = "custom"

    @property
    def label(self) -> str:
        """One line that names the cell; unique within a plan."""
        how = f"{' jit' if self.jit else ''}{' fit' if self.loop == 'fit' else ''}"
        return (
            f"{self.family} {self.candidate} vs {self.baseline} · {self.data} · {self.strategy.label} · "
            f"{self.frontend} · {self.dtype_policy}{how}"
        )


class Profile(Record, frozen=True):
    """What a worker process is set up with before TensorFlow's first use, and can't change afterwards.

    `gpu_share` below 1 limits the process to that share of its GPU's memory.
    """

    frontend: str = "keras"
    device: Device = "cpu"
    logical_devices: int = 1
    threads: int = 1
    deterministic: bool = True
    gpu_share: float = 1.0
    xla_flags: str = ""


class Resources(Record, frozen=True):
    """What each of a trial's processes holds on the cluster while it runs; `processes` of them, all or none."""

    cpus: float = 1.0
    gpus: float = 0.0
    tpus: float = 0.0
    processes: int = 1


class CertifyTrial(Record, frozen=True, tag_field="kind", tag="certify"):
    """Certifies the pair of a cell, once for all strategies, loops, jit settings and seeds.

    `time_limit` in seconds.  `distribution`: on two replicas too, because the pair trains on several.  `optimizer`:
    the one that the pair trains with, tried beside the certificate's own.  `reference`: as in a TrainTrial.
    """

    id: str
    cell: Cell
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources
    time_limit: float
    distribution: bool = False
    optimizer: str = ""
    reference: str = ""

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        cell = self.cell
        pair = f"{cell.family} {cell.candidate} vs {cell.baseline}"
        return f"certify {pair} · {cell.data} · {cell.frontend} · {cell.dtype_policy}"


class TrainTrial(Record, frozen=True, tag_field="kind", tag="train"):
    """Trains both arms of a cell with one seed.

    `options` are the family's spec fields, e.g. {"units": 64}.  `rows` is how many examples of the data set are used
    (0: all).  `agreement`: both arms are trained on one device as well, and compared.  `reference`: where the family is
    found, if it isn't one of this package.  `keep_weights`: the evidence carries both arms' final weights;
    `keep_histograms`: how their weights and gradients are distributed after each epoch; `keep_graphs`: the graphs of
    their forward passes.
    """

    id: str
    cell: Cell
    seed: int
    training: Training
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources
    rows: int = 0
    agreement: bool = False
    reference: str = ""
    keep_weights: bool = False
    keep_histograms: bool = False
    keep_graphs: bool = False

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


class TimeTrial(Record, frozen=True, tag_field="kind", tag="time"):
    """Times both arms of a cell against each other in a fresh process, alone on its machine.

    `process` numbers the repetitions; the rest is as in a TrainTrial.  `timing` without what chooses trials.
    """

    id: str
    cell: Cell
    process: int
    seed: int
    training: Training
    timing: Timing
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources
    rows: int = 0
    reference: str = ""

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        return f"{self.cell.label} · timing {self.process}"


Trial = CertifyTrial | TrainTrial | ExampleTrial | TimeTrial


class UntimedCell(Record, frozen=True):
    """A cell that trains and can't be timed though the config asks for it, with the reason in a sentence."""

    cell: Cell
    reason: str


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
    untimed: tuple[UntimedCell, ...] = ()
