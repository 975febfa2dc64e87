"""What trials found.

Seconds are wall-clock seconds.  Metrics are on held-out data.  A digest is a hex sha256.
History of EVIDENCE_VERSION: 1 train and example trials; 2 certify trials; 3 agreement with one device, gangs;
4 speed of the input; 5 time trials, kept weights and other kept files; 6 functions, complexity and overridden methods
of arms.
"""

from collections.abc import Mapping

from pipeline.records.base import FailureCategory, Record, Style
from pipeline.records.certificate import Certificate, WeightRole
from pipeline.records.planned import CertifyTrial, ExampleTrial, TimeTrial, TrainTrial, Trial
from pipeline.records.timing import ArmTiming, Contention, Phase, PhaseTiming

EVIDENCE_VERSION = 6


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
    examples_per_second: float  # after the first epoch, where there are others
    input_examples_per_second: float = 0.0  # of the input alone, when no training waits for it; 0: not measured
    input_bound: bool = False  # making a batch takes more than half of the time of a step
    functions: int = 0  # in source_lines; 0: not measured
    complexity: int = 0  # McCabe's, the sum over the functions
    overridden: tuple[str, ...] = ()  # methods that stand in for one of a base class


class Agreement(Record, frozen=True):
    """How one arm, trained under a strategy, ended against itself on one device: largest relative differences.

    A weight's is the largest difference of an element over the largest element on one device, by role.  `replicas` has
    the largest difference of any element between two replicas, absolute, by role; empty where there is one replica.
    """

    style: Style
    weights: Mapping[str, float]
    metrics: Mapping[str, float]
    train_loss: float
    replicas: Mapping[str, float]


class Worker(Record, frozen=True):
    """Where and on what a trial ran.

    `members` are the processes of a gang, this one first; `attempts` how often the gang was formed for this trial.
    """

    host: str
    pid: int
    device: str
    versions: Mapping[str, str]
    started: float  # seconds since the epoch
    seconds: float
    warm: bool  # the process had run a trial before
    members: tuple[str, ...] = ()
    attempts: int = 1


class TrainEvidence(Record, frozen=True, tag_field="kind", tag="train"):
    """What a train trial found.  `arms` is (baseline, candidate), and so is `agreement` where it was measured.

    `weights` are both arms' final ones where the trial keeps them: pipeline.store.weights reads them.  `kept` is what
    else it keeps, by file name: see pipeline.store.kept.  A run directory has them in files of their own.
    """

    trial: TrainTrial
    arms: tuple[ArmResult, ArmResult]
    weight_map: tuple[WeightRole, ...]
    worker: Worker
    agreement: tuple[Agreement, ...] = ()
    weights: bytes = b""
    kept: Mapping[str, bytes] = {}
    schema_version: int = EVIDENCE_VERSION


class CertifyEvidence(Record, frozen=True, tag_field="kind", tag="certify"):
    """What a certify trial found."""

    trial: CertifyTrial
    certificate: Certificate
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


class TimeEvidence(Record, frozen=True, tag_field="kind", tag="time"):
    """What a time trial measured.  `arms`: baseline, candidate, baseline again; `hardware` names the CPU's model.

    `kept` as in a TrainEvidence.
    """

    trial: TimeTrial
    arms: tuple[ArmTiming, ArmTiming, ArmTiming]
    phases: Mapping[Phase, PhaseTiming]
    input_examples_per_second: float
    contention: Contention
    hardware: str
    worker: Worker
    vocabulary: int = 0  # how many ids the data has, those of its columns together; 0: none, or evidence from before
    kept: Mapping[str, bytes] = {}
    schema_version: int = EVIDENCE_VERSION


class Failure(Record, frozen=True, tag_field="kind", tag="failure"):
    """A trial that gave no evidence: why, in one line, and the traceback where there is one."""

    trial: Trial
    category: FailureCategory
    message: str
    traceback: str = ""
    schema_version: int = EVIDENCE_VERSION


Evidence = TrainEvidence | CertifyEvidence | ExampleEvidence | TimeEvidence
Outcome = TrainEvidence | CertifyEvidence | ExampleEvidence | TimeEvidence | Failure
