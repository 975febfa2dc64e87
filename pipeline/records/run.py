"""A whole run, and what it means."""

from collections.abc import Mapping
from typing import Literal

from pipeline.records.base import Record, Verdict
from pipeline.records.evidence import Evidence, Failure
from pipeline.records.planned import Cell, Plan
from pipeline.records.published import Published, PublishedFound
from pipeline.records.stock import DataInfo
from pipeline.records.timing import CellCost


class Difference(Record, frozen=True):
    """Candidate minus baseline in one metric, paired over seeds.  `margin` was fixed in the config.

    The verdict rests on `equivalent_p` and `different_p`: the p values of the two claims, over all looks at the cell
    and adjusted for every test of the run.
    """

    metric: str
    baseline_mean: float
    candidate_mean: float
    mean: float
    low: float  # 95 % interval of the mean (Student's t)
    high: float
    margin: float
    tost_p: float  # of these seeds by themselves; 1.0 where a test makes no sense
    verdict: Literal["identical", "equivalent", "different", "inconclusive"]
    more_seeds: int = 0  # how many an inconclusive one needs, estimated; 0: none or unknown
    sign_flip_p: float = 1.0  # of a difference of zero; says nothing about the margin
    equivalent_p: float = 1.0
    different_p: float = 1.0
    bca_low: float = 0.0  # 95 % BCa bootstrap interval of the mean: shown, decides nothing
    bca_high: float = 0.0
    margin_of_sd: float = 0.0  # what the margin is of the baseline's standard deviation over seeds; 0: it is absolute


class CellAgreement(Record, frozen=True):
    """How a cell's arms, trained under its strategy, ended against one device: the worst over seeds and arms.

    `weights`, `train_loss` and `metrics` are relative to one device, `replicas` is absolute.  `weights_of` and
    `replicas_of` name the arm and variable.  `tolerance` is what weights and loss may reach; metrics are only shown,
    because a count of right answers jumps.
    """

    verdict: Literal["agrees", "differs", "not judged"]
    weights: float
    weights_of: str
    train_loss: float
    metrics: float
    replicas: float
    replicas_of: str
    tolerance: float


class CellSummary(Record, frozen=True):
    """The verdict on one cell, in one sentence, with what it rests on.

    `trained` and `certified` are the verdicts of its two grounds, `certificate` the id of the certify trial, `level`
    the first level that shows a difference, "distribution" where an arm under the strategy is not what it is on one
    device; empty where there is none.  `needs_seeds`: every planned seed gave evidence, and only their number keeps the
    training from a verdict.
    """

    cell: Cell
    verdict: Verdict
    sentence: str
    seeds: tuple[int, ...] = ()
    failed_seeds: tuple[int, ...] = ()
    bitwise: bool = False
    differences: tuple[Difference, ...] = ()
    trained: str = ""
    certified: str = ""
    level: str = ""
    certificate: str = ""
    agreement: CellAgreement | None = None
    cost: CellCost | None = None
    needs_seeds: bool = False


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


class SetAside(Record, frozen=True):
    """A file of the run directory that was not what it should be, and why not."""

    file: str
    why: str


class Run(Record, frozen=True):
    """A run directory, read whole.  What analysis and report work on."""

    name: str
    config: str  # the resolved YAML
    margins: Mapping[str, float | str]  # 0.01, or "0.5sd": of the baseline's standard deviation over seeds
    plan: Plan
    evidence: tuple[Evidence, ...]
    failures: tuple[Failure, ...]
    environment: Environment
    data: tuple[DataInfo, ...]
    timings: tuple[RunTiming, ...] = ()
    question: str = ""
    published: Published = Published()
    looks: tuple[int, ...] = ()  # after so many seeds the undecided cells get more; empty: all seeds at once
    set_aside: tuple[SetAside, ...] = ()


class Result(Record, frozen=True):
    """What a run came to.  `report` is the path of its first page."""

    run: Run
    summaries: tuple[CellSummary, ...]
    exit_code: int
    report: str
    published: PublishedFound = PublishedFound()


class Check(Record, frozen=True):
    """One thing that was examined on a machine.  `works` is None for what is only told."""

    what: str
    works: bool | None
    detail: str
