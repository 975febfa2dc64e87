"""Time trials to what a cell's arms cost.  The rules, the first that holds:

unsupported   the plan says why the cell can't be timed
incomplete    fewer than LEAST processes gave timings, or they ran on different hardware or versions: these never mix
noisy         a process had run other trials before; or the baseline against itself does not straddle 1; or its
              interval goes further from 1 than RESOLUTION
measured      anything else

What else the machine did at the time is flagged, and does not by itself make a timing noisy: the control tells.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from pipeline.analysis.ratios import Redraw, ratio_from, redraw
from pipeline.analysis.statistics import Floats
from pipeline.analysis.wording import listed, number
from pipeline.records import (
    PHASES,
    ArmCost,
    Cell,
    CellCost,
    Phase,
    PhaseCost,
    PhaseTiming,
    Ratio,
    Run,
    Spread,
    TimeEvidence,
    TimeTrial,
)

LEAST = 3
LEVEL = 0.95
RESOLUTION = 0.1
CONTROL_LEVEL = 1 - (1 - LEVEL) / len(PHASES)  # in one cell of twenty some phase is called noisy without being so
BOOTSTRAP_SEED = 20_240_229
CANDIDATE, CONTROL = 1, 2
SHARES = (0.5, 0.05, 0.95)
QUIET = "time again on a machine that does nothing else, or in more timing.processes"


def costs(run: Run) -> dict[Cell, CellCost]:
    """Of every cell that the plan times, or says why not."""
    planned: dict[Cell, list[TimeTrial]] = {}
    for trial in run.plan.trials:
        if isinstance(trial, TimeTrial):
            planned.setdefault(trial.cell, []).append(trial)
    found = {item.trial.id: item for item in run.evidence if isinstance(item, TimeEvidence)}
    timed = {
        cell: cost([found[trial.id] for trial in trials if trial.id in found], len(trials))
        for cell, trials in planned.items()
    }
    return timed | {item.cell: CellCost("unsupported", item.reason) for item in run.plan.untimed}


def cost(found: Sequence[TimeEvidence], planned: int) -> CellCost:
    """Of one cell, of which so many processes were planned."""
    if len(found) < LEAST:
        reason = f"{len(found)} of {planned} processes gave timings, and {LEAST} are needed"
        return CellCost("incomplete", f"{reason}; run again: finished trials are kept", processes=len(found))
    machines = sorted({_machine(item) for item in found})
    if len(machines) > 1:
        reason = f"timings of different machines or versions never mix: {'; '.join(machines)}"
        return CellCost("incomplete", f"{reason}; time all processes on one kind of machine", processes=len(found))
    phases = {phase: _phase(found, phase) for phase in PHASES}
    noise = _noise(found, phases)
    return CellCost(
        verdict="noisy" if noise else "measured",
        reason=noise,
        hardware=f"{found[0].hardware}; {found[0].worker.device}",
        processes=len(found),
        phases=phases,
        arms=tuple(_arm(found, arm, phases) for arm in (0, CANDIDATE)),
        input_examples_per_second=float(np.median([item.input_examples_per_second for item in found])),
        flags=_flags(found),
        vocabulary=found[0].vocabulary,
    )


def logs(timings: Sequence[PhaseTiming]) -> Floats:
    """(P, A, R, H, K): the logarithm of every call's microseconds per step, of one phase in several processes."""
    arms = sorted({block.arm for block in timings[0].blocks})
    blocks = [[[block.step_us for block in timing.blocks if block.arm == arm] for arm in arms] for timing in timings]
    logs_PABK: Floats = np.log(np.array(blocks, np.float64))
    processes, arm_count, in_process, calls = logs_PABK.shape
    return logs_PABK.reshape(processes, arm_count, in_process // 2, 2, calls)


def _phase(found: Sequence[TimeEvidence], phase: Phase) -> PhaseCost:
    logs_PARHK = logs([item.phases[phase] for item in found])
    candidate, control = _redraws(logs_PARHK.shape)
    return PhaseCost(
        ratio=ratio_from(logs_PARHK, CANDIDATE, candidate, level=LEVEL),
        control=ratio_from(logs_PARHK, CONTROL, control, level=CONTROL_LEVEL),
        baseline=_spread(logs_PARHK[:, 0]),
        candidate=_spread(logs_PARHK[:, CANDIDATE]),
    )


@cache
def _redraws(shape_PARHK: tuple[int, ...]) -> tuple[Redraw, Redraw]:
    """For the candidate and the control: the same in every cell and phase, and made once."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    return redraw(shape_PARHK, rng), redraw(shape_PARHK, rng)


def _spread(logs: Floats) -> Spread:
    return Spread(*(float(value) for value in np.quantile(np.exp(logs) / 1e6, SHARES)))


def _noise(found: Sequence[TimeEvidence], phases: dict[Phase, PhaseCost]) -> str:
    """Why the figures must not decide anything, with the remedy; "" if they may."""
    warm = sum(item.worker.warm for item in found)
    if warm:
        return f"{warm} of {len(found)} processes had run other trials before; leave out --executor local"
    off = [f"{interval(cost.control)} ({phase})" for phase, cost in phases.items() if not is_one(cost.control)]
    return f"the baseline against itself took {listed(off)} times as long; {QUIET}" if off else ""


def interval(found: Ratio) -> str:
    """`1.03 [1.01, 1.05]`."""
    return f"{number(found.value, 4)} [{number(found.low, 4)}, {number(found.high, 4)}]"


def is_one(control: Ratio) -> bool:
    """Whether it straddles 1, and closely enough to say anything."""
    return 1 - RESOLUTION <= control.low <= 1.0 <= control.high <= 1 + RESOLUTION


def _machine(item: TimeEvidence) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(item.worker.versions.items()))
    return f"{item.hardware}, {item.worker.device}, {versions}"


def _flags(found: Sequence[TimeEvidence]) -> tuple[str, ...]:
    told = [f"process {item.trial.process}: {flag}" for item in found for flag in item.contention.flags]
    unsteady = [
        f"process {item.trial.process}: the warm-up of the {phase} phase ended before it was steady"
        for item in found
        for phase, timing in item.phases.items()
        if not timing.steady
    ]
    return (*told, *unsteady)


def _arm(found: Sequence[TimeEvidence], arm: int, phases: dict[Phase, PhaseCost]) -> ArmCost:
    """What is set up once per process is paid by its first arm: its tracing and compiling count only if all were."""
    own = [item.arms[arm] for item in found]
    later = [each for each in own if each.position] or own
    step = (phases["step"].baseline, phases["step"].candidate)[arm].median
    peaks = [each.peak_bytes for each in own if each.peak_bytes is not None]
    joules = [_joules(item, arm) for item in found]
    spent = [each for each in joules if each is not None]
    return ArmCost(
        style=own[0].style,
        examples_per_second=found[0].trial.training.global_batch / step,
        parameters=own[0].parameters,
        trace_seconds=float(np.median([each.trace_seconds["step"] for each in later])),
        compile_seconds=max(0.0, float(np.median([each.first_seconds["step"] for each in later])) - step),
        peak_bytes=int(np.median(peaks)) if peaks else None,
        joules_per_step=float(np.median(spent)) if spent else None,
        programs=next((each.programs for each in own if each.programs), {}),
    )


def _joules(item: TimeEvidence, arm: int) -> float | None:
    """Of a training step, the median over blocks."""
    timing = item.phases["step"]
    spent = [b.joules / (timing.steps * len(b.step_us)) for b in timing.blocks if b.arm == arm and b.joules is not None]
    return float(np.median(spent)) if spent else None
