"""Made-up evidence of time trials."""

from collections.abc import Sequence

from pipeline.records import (
    PHASES,
    ArmTiming,
    Block,
    Cell,
    Contention,
    PhaseTiming,
    Profile,
    ProgramCost,
    Resources,
    Strategy,
    TimeEvidence,
    TimeTrial,
    Timing,
    Training,
    Worker,
)

CELL = Cell("projection", "class", "functional", "digits", Strategy("one_device"))
QUIET = Contention(0.5, 0.5, 0.0, 0.0, 0, 0, ())


def trial(process: int = 0, cell: Cell = CELL, cpus: float = 2.0) -> TimeTrial:
    """One that takes this many CPUs."""
    return TimeTrial(
        f"time-{process}", cell, process, 0, Training(global_batch=100), Timing(), {}, Profile(), Resources(cpus)
    )


def phase(step_us: Sequence[float], rounds: int = 2, calls: int = 3) -> PhaseTiming:
    """Every call of an arm takes the arm's own time."""
    order = (0, 1, 2, 2, 1, 0) * rounds
    return PhaseTiming(10, True, 0.1, 0, tuple(Block(arm, (step_us[arm],) * calls) for arm in order))


def evidence(process: int, step_us: Sequence[float] = (100.0, 110.0, 100.0), **changes: object) -> TimeEvidence:
    """Of a process in which the arms' steps took so long."""
    first, second = (0, 1) if process % 2 == 0 else (1, 0)
    programs = {phase: ProgramCost(1000, 400, 50) for phase in PHASES} if process == 0 else {}
    arms = tuple(
        ArmTiming(
            style=style,
            position=position,
            parameters=7,
            build_seconds=0.1,
            trace_seconds={"forward": 0.1, "step": 9.0 if position == 0 else 0.5},
            first_seconds={"forward": 0.1, "step": 9.0 if position == 0 else 0.25},
            peak_bytes=2**20 if position == 0 else None,
            programs=programs,
        )
        for style, position in (("class", first), ("functional", second), ("class", 2))
    )
    values: dict[str, object] = {
        "trial": trial(process),
        "arms": arms,
        "phases": {name: phase(step_us) for name in PHASES},
        "input_examples_per_second": 5e5,
        "contention": QUIET,
        "hardware": "some CPU, 2 CPUs",
        "worker": Worker("h", process, "x86_64 CPU", {"tensorflow": "2.21.0"}, 0.0, 5.0, False),
    }
    return TimeEvidence(**{**values, **changes})  # type: ignore[arg-type]
