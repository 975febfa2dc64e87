"""The frozen records that cross a boundary: between stages, processes, and files.

Seconds are wall-clock seconds.  Metrics are on held-out data.  A digest is a hex sha256.
History of EVIDENCE_VERSION: 1 train and example trials.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

EVIDENCE_VERSION = 1

Style = str  # "class", "functional", "lambda"
DataKind = Literal["vectors", "ids", "windows"]
Task = Literal["classification", "rating", "forecast"]
Verdict = Literal["proven", "identical", "equivalent", "different", "inconclusive", "unsupported", "infeasible"]
FailureCategory = Literal["infrastructure", "out_of_memory", "timeout", "user_code", "numeric"]

# Metrics for which less is better.  The first metric of a task is its primary one.
LESS_IS_BETTER = frozenset({"rmse", "forecast_mse"})
TASK_METRICS: Mapping[str, tuple[str, ...]] = {
    "classification": ("accuracy",),
    "rating": ("rmse", "auc"),
    "forecast": ("average_precision", "forecast_mse"),
}


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every record: immutable, typed when read from JSON, unknown fields refused."""


# --- what there is to choose from ------------------------------------------------------------------------------------
class FamilyInfo(Record, frozen=True):
    """What planning needs to know of a family without importing it.  `source` digests the code of its arms."""

    name: str
    accepts: DataKind
    styles: tuple[Style, ...]
    source: str = ""


class DataInfo(Record, frozen=True):
    """What planning needs to know of a data set.  `fingerprint` pins source, version, checksum and preparation."""

    name: str
    kind: DataKind
    task: Task
    fingerprint: str
    licence: str
    citation: str
    rows: int  # training examples


@dataclass(frozen=True)
class Dataset:
    """A prepared data set.  N examples; inputs float32 (N, 784) | int32 (N, T) | float32 (N, T, F).

    Targets: int32 class (N,) | float32 rating (N,) | float32 next value (N, F).  `test_labels` are anomaly flags (N,)
    of a forecast task, else None.  `outputs` is the head's width; `vocabulary` the number of ids (0: none).
    """

    name: str
    task: Task
    train_inputs: npt.NDArray[np.generic]
    train_targets: npt.NDArray[np.generic]
    test_inputs: npt.NDArray[np.generic]
    test_targets: npt.NDArray[np.generic]
    test_labels: npt.NDArray[np.generic] | None
    outputs: int
    vocabulary: int = 0


# --- what is compared ------------------------------------------------------------------------------------------------
class Strategy(Record, frozen=True):
    """One tf.distribute strategy with its options."""

    name: str = "default"
    devices: int = 1

    @property
    def label(self) -> str:
        """`one_device`, `mirrored(2)`."""
        return f"{self.name}({self.devices})" if self.devices > 1 else self.name


class InputSpec(Record, frozen=True):
    """One declared input: its shape without the batch, its dtype, and the closed interval its values lie in."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    low: float = -3.0
    high: float = 3.0


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


# --- what runs -------------------------------------------------------------------------------------------------------
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


class Training(Record, frozen=True):
    """How a train trial trains.  `steps` limits the steps of an epoch (0: all)."""

    epochs: int = 5
    global_batch: int = 128
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    dropout: float = 0.0
    steps_per_call: int = 50
    steps: int = 0


class TrainTrial(Record, frozen=True, tag_field="kind", tag="train"):
    """Trains both arms of a cell with one seed.  `options` are the family's spec fields, e.g. {"units": 64}."""

    id: str
    cell: Cell
    seed: int
    training: Training
    options: Mapping[str, float | int | str | bool]
    profile: Profile
    resources: Resources

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        return f"{self.cell.label} · seed {self.seed}"


class ExampleTrial(Record, frozen=True, tag_field="kind", tag="example"):
    """Runs one of the article's examples as it stands, under one frontend."""

    id: str
    example: Literal["functional_lambda", "complex_layer", "stateful_layer"]
    frontend: str
    profile: Profile
    resources: Resources

    @property
    def label(self) -> str:
        """One line that names the trial; unique within a plan."""
        return f"article example {self.example} · {self.frontend}"


Trial = TrainTrial | ExampleTrial


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


# --- what was found --------------------------------------------------------------------------------------------------
class WeightRole(Record, frozen=True):
    """One weight of a pair.  A path is None where that arm does not track the weight."""

    role: str
    shape: tuple[int, ...]
    baseline: str | None
    candidate: str | None


class ArmResult(Record, frozen=True):
    """What training one arm gave.  Tuples have one value per epoch; losses are means over the epoch's examples."""

    style: Style
    metrics: Mapping[str, float]
    train_loss: tuple[float, ...]
    held_out: tuple[float, ...]  # the task's primary metric
    weights_digest: str
    parameters: int
    trainable_parameters: int
    source_lines: int
    build_seconds: float
    train_seconds: float
    examples_per_second: float


class Worker(Record, frozen=True):
    """Where and on what a trial ran."""

    host: str
    pid: int
    device: str
    versions: Mapping[str, str]
    started: float  # seconds since the epoch
    seconds: float
    warm: bool  # the process had run a trial before


class TrainEvidence(Record, frozen=True, tag_field="kind", tag="train"):
    """What a train trial found.  `arms` is (baseline, candidate)."""

    trial: TrainTrial
    arms: tuple[ArmResult, ArmResult]
    weight_map: tuple[WeightRole, ...]
    worker: Worker
    schema_version: int = EVIDENCE_VERSION


class Stage(Record, frozen=True):
    """One stage of an article example: build, fit, predict, save, load."""

    name: str
    worked: bool
    detail: str


class ExampleEvidence(Record, frozen=True, tag_field="kind", tag="example"):
    """What became of an article example, stage by stage, until the first that failed."""

    trial: ExampleTrial
    stages: tuple[Stage, ...]
    parameters: int
    worker: Worker
    schema_version: int = EVIDENCE_VERSION


class Failure(Record, frozen=True, tag_field="kind", tag="failure"):
    """A trial that gave no evidence: why, in one line, and the traceback where there is one."""

    trial: Trial
    category: FailureCategory
    message: str
    traceback: str = ""
    schema_version: int = EVIDENCE_VERSION


Evidence = TrainEvidence | ExampleEvidence
Outcome = TrainEvidence | ExampleEvidence | Failure


# --- what it means ---------------------------------------------------------------------------------------------------
class Difference(Record, frozen=True):
    """Candidate minus baseline in one metric, paired over seeds.  `margin` was fixed in the config."""

    metric: str
    baseline_mean: float
    candidate_mean: float
    mean: float
    low: float  # 95 % BCa bootstrap interval of the mean
    high: float
    margin: float
    tost_p: float  # 1.0 where a test makes no sense
    verdict: Literal["identical", "equivalent", "different", "inconclusive"]
    more_seeds: int = 0  # how many an inconclusive one needs, estimated; 0: none or unknown


class CellSummary(Record, frozen=True):
    """The verdict on one cell, in one sentence, with what it rests on."""

    cell: Cell
    verdict: Verdict
    sentence: str
    seeds: tuple[int, ...] = ()
    failed_seeds: tuple[int, ...] = ()
    bitwise: bool = False
    differences: tuple[Difference, ...] = ()


class Environment(Record, frozen=True):
    """What a run ran on and from."""

    started: float  # seconds since the epoch
    versions: Mapping[str, str]
    python: str
    platform: str
    cpu: str
    cores: int
    memory_gib: float
    devices: tuple[str, ...]
    git_commit: str
    git_clean: bool | None
    command: str


class RunTiming(Record, frozen=True):
    """How long one session of a run took, driver side.  A resumed run has several."""

    started: float
    seconds: float
    startup_seconds: float  # until the first trial began on a worker
    trials_run: int
    trials_skipped: int
    cpus: float


class Run(Record, frozen=True):
    """A run directory, read whole.  What analysis and report work on."""

    name: str
    config: str  # the resolved YAML
    margins: Mapping[str, float]
    plan: Plan
    evidence: tuple[Evidence, ...]
    failures: tuple[Failure, ...]
    environment: Environment
    data: tuple[DataInfo, ...]
    timings: tuple[RunTiming, ...] = ()
