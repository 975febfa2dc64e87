"""The arms of a time trial, built as for training: baseline, candidate, and the baseline again as the control."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.layers import registry
from pipeline.records import ArmTiming, Dataset, Phase, TimeTrial, TrainTrial
from pipeline.timing.memory import watch
from pipeline.timing.programs import Program, forward, training
from pipeline.training import arms
from pipeline.training.transplant import transplant

CONTROL = 2  # its place among the arms


@dataclass
class TimedArm:
    """An arm with its two compiled programs, each of which has been called once."""

    arm: arms.Arm
    programs: dict[Phase, Program]
    timing: ArmTiming


def build(trial: TimeTrial, dataset: Dataset, over: Any, element: Any) -> tuple[TimedArm, ...]:
    """All three with the baseline's weights.

    The first arm of a process pays for what TensorFlow sets up once, so baseline and candidate take turns at it.
    Raises BuilderError if the arms' weights can't be the same.
    """
    places = (0, 1, CONTROL) if trial.process % 2 == 0 else (1, 0, CONTROL)
    built = {place: _build(trial, place, position, dataset, over, element) for position, place in enumerate(places)}
    family = registry.load(trial.reference or trial.cell.family)
    roles = [arms.roles(built[place].arm, family) for place in range(len(built))]
    for candidate in roles[1:]:
        transplant(roles[0], candidate)
    return tuple(built[place] for place in range(len(built)))


def as_training(trial: TimeTrial) -> TrainTrial:
    """The train trial whose step is timed."""
    return TrainTrial(
        id=trial.id,
        cell=trial.cell,
        seed=trial.seed,
        training=trial.training,
        options=trial.options,
        profile=trial.profile,
        resources=trial.resources,
        rows=trial.rows,
        reference=trial.reference,
    )


def _build(trial: TimeTrial, place: int, position: int, dataset: Dataset, over: Any, element: Any) -> TimedArm:
    style = (trial.cell.baseline, trial.cell.candidate, trial.cell.baseline)[place]
    train, family = as_training(trial), registry.load(trial.reference or trial.cell.family)
    peak = watch(trial.profile.device, position)
    began = time.perf_counter()
    with over.scope():
        arm = arms.build(train, style, family, dataset)
    seconds = time.perf_counter() - began
    programs: dict[Phase, Program] = {
        "forward": forward(arm, trial.cell, over, element),
        "step": training(arm, train, dataset.task, over, element),
    }
    timing = ArmTiming(
        style=style,
        position=position,
        parameters=sum(int(np.prod(variable.shape)) for variable in arms.roles(arm, family).values()),
        build_seconds=seconds,
        trace_seconds={phase: program.trace_seconds for phase, program in programs.items()},
        first_seconds={phase: program.first_seconds for phase, program in programs.items()},
        peak_bytes=peak(),
    )
    return TimedArm(arm, programs, timing)
