"""One time trial, from its frozen spec to its evidence."""

import os
import platform
from pathlib import Path

import msgspec

from pipeline.frontend import IS_KERAS_3, keras
from pipeline.records import PHASES, ArmTiming, Dataset, TimeEvidence, TimeTrial
from pipeline.store.kept import trace_of
from pipeline.timing.arms import CONTROL, TimedArm, as_training, build
from pipeline.timing.blocks import measure
from pipeline.timing.compiled import programs
from pipeline.timing.contention import between, snapshot
from pipeline.timing.energy import Meter
from pipeline.timing.programs import resident
from pipeline.timing.traces import trace
from pipeline.training import feed, input_speed, leftovers, process, strategy, worker

_CPUS = Path("/proc/cpuinfo")


def time_cell(trial: TimeTrial, dataset: Dataset) -> TimeEvidence:
    """Builds the arms, measures both phases, then the input; the compiled programs once per cell, in process 0.

    Raises TrialError for what belongs to the trial.
    """
    process.configure(trial.profile)
    began = worker.started()
    (keras.utils.clear_session if IS_KERAS_3 else keras.backend.clear_session)()
    leftovers.drop()
    keras.utils.set_random_seed(trial.seed)
    over = strategy.build(trial.cell.strategy, trial.profile)
    sizes = feed.sizes(trial.training, len(dataset.train), trial.cell.strategy.replicas)
    further = input_speed.further_epochs(len(sizes))
    batches = feed.batches(dataset, trial.training, trial.seed, over, range(1 + further))
    arms = build(trial, dataset, over, resident(next(batches), over))
    before, meter = snapshot(), Meter()
    phases = {phase: measure([arm.programs[phase] for arm in arms], trial.timing, meter) for phase in PHASES}
    contention = between(before, snapshot(), os.cpu_count() or 1)
    return TimeEvidence(
        trial=trial,
        arms=_described(trial, dataset, arms),
        phases=phases,
        input_examples_per_second=input_speed.examples_per_second(batches, sizes * further, steps=0),
        contention=contention,
        hardware=_hardware(),
        kept={trace_of(arm.timing.style): trace(arm.programs) for arm in arms[:CONTROL]}
        if trial.timing.profile
        else {},
        worker=worker.describe(trial.profile, began),
        vocabulary=dataset.vocabulary or sum(dataset.vocabularies),
    )


def _described(
    trial: TimeTrial, dataset: Dataset, arms: tuple[TimedArm, ...]
) -> tuple[ArmTiming, ArmTiming, ArmTiming]:
    baseline, candidate, control = (arm.timing for arm in arms)
    if trial.process:
        return baseline, candidate, control
    counted = [programs(as_training(trial), arm.style, dataset) for arm in (baseline, candidate)]
    compiled = [
        msgspec.structs.replace(arm, programs=found) for arm, found in zip((baseline, candidate), counted, strict=True)
    ]
    return compiled[0], compiled[1], control


def _hardware() -> str:
    """`AMD EPYC 7713, 2 CPUs`; what a GPU is called is in the worker's record."""
    try:
        lines = _CPUS.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return f"{next(named, platform.machine())}, {os.cpu_count()} CPUs"
