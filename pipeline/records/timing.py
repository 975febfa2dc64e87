"""What timing trials measure, and what it comes to.  Seconds are wall-clock, memory and traffic are in bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.records.base import Record, Style

Phase = Literal["forward", "step"]
PHASES: tuple[Phase, ...] = ("forward", "step")


@dataclass(frozen=True)
class Timing:
    """Whether and how cells are timed.  Part of the config schema.

    Each cell is timed in so many fresh `processes` (0: not at all).  `strategies` names those that are (empty: all).
    A round is a block of each arm in the order A B C C B A, C being A again; a block lasts `block_ms` or longer.
    `profile`: after its measurements, process 0 traces some steps of both arms.
    """

    processes: int = 0
    strategies: list[str] = field(default_factory=list)
    rounds: int = 4
    block_ms: float = 40.0
    warmup_seconds: float = 1.0
    profile: bool = False


class Block(Record, frozen=True):
    """Calls of one arm in a row.  `step_us` is of each call: its microseconds over its steps."""

    arm: int  # 0 baseline, 1 candidate, 2 the baseline again
    step_us: tuple[float, ...]
    joules: float | None = None  # of the whole block, where the hardware tells


class PhaseTiming(Record, frozen=True):
    """The blocks of one phase in the order in which they ran, `steps` in a call.

    `steady`: the warm-up ended because it was, not because its time was over.  `collected`: objects that Python's
    collector, which rests inside blocks, freed between them.
    """

    steps: int
    steady: bool
    warmup_seconds: float
    collected: int
    blocks: tuple[Block, ...]


class ProgramCost(Record, frozen=True):
    """What XLA's program does in one call on one device, counted in its instructions, not measured."""

    flops: int
    bytes_accessed: int
    temp_bytes: int


class ArmTiming(Record, frozen=True):
    """One arm apart from its steady time.  `first_seconds` is its first call, compilation in it.

    `position` is its place in the process: the first pays for what is set up once.  `peak_bytes` is what building and
    a first step added to the process at most: of the first arm alone, or of every arm on a device that counts.
    """

    style: Style
    position: int
    parameters: int
    build_seconds: float
    trace_seconds: Mapping[Phase, float]
    first_seconds: Mapping[Phase, float]
    peak_bytes: int | None = None
    programs: Mapping[Phase, ProgramCost] = {}


class Contention(Record, frozen=True):
    """What else went on while blocks ran.  `flags` names what is above its threshold; None: the system doesn't tell."""

    load_before: float
    load_after: float
    other_cpus: float | None  # that other processes kept busy, on average
    steal: float | None  # share of the CPU time that the hypervisor gave away
    throttled: int | None  # times that a quota or the temperature slowed this machine
    other_trials: int
    flags: tuple[str, ...]


class Ratio(Record, frozen=True):
    """A ratio with its interval."""

    value: float
    low: float
    high: float


class Spread(Record, frozen=True):
    """Seconds of a step: the median over all calls, and what 5 % of the calls are below and above."""

    median: float
    low: float
    high: float


class PhaseCost(Record, frozen=True):
    """Candidate over baseline with its 95 % interval; baseline over itself with 97.5 %, because phases are two."""

    ratio: Ratio
    control: Ratio
    baseline: Spread
    candidate: Spread


class ArmCost(Record, frozen=True):
    """One arm of a cell, medians over processes.  Seconds to trace and compile are those of a training step."""

    style: Style
    examples_per_second: float
    parameters: int
    trace_seconds: float
    compile_seconds: float
    peak_bytes: int | None
    joules_per_step: float | None
    programs: Mapping[Phase, ProgramCost]


class CellCost(Record, frozen=True):
    """What a cell's arms cost, and how far the clock can be trusted.

    noisy         the figures stand, and `reason` says why they must not decide anything, and what to do
    incomplete    too few processes gave timings that belong together
    unsupported   the cell can't be timed
    """

    verdict: Literal["measured", "noisy", "incomplete", "unsupported"]
    reason: str = ""
    hardware: str = ""
    processes: int = 0
    phases: Mapping[Phase, PhaseCost] = {}
    arms: tuple[ArmCost, ...] = ()  # baseline, candidate
    input_examples_per_second: float = 0.0
    flags: tuple[str, ...] = ()
    vocabulary: int = 0  # how many ids the data has, those of its columns together
