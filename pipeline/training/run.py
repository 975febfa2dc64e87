"""One trial, from its frozen spec to its evidence."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import DataError
from pipeline.frontend import IS_KERAS_3, keras
from pipeline.layers import registry
from pipeline.layers.article import run_example
from pipeline.layers.family import Family
from pipeline.layers.source import source_lines
from pipeline.records import (
    ArmResult,
    Dataset,
    ExampleEvidence,
    ExampleTrial,
    TrainEvidence,
    TrainTrial,
    WeightRole,
)
from pipeline.training import arms, process, strategy, worker
from pipeline.training.loop import History, train
from pipeline.training.transplant import transplant


@dataclass(frozen=True)
class TrainedArm:
    """What training an arm gave, and its final weights by role."""

    result: ArmResult
    weights: Mapping[str, npt.NDArray[Any]]


def run(trial: TrainTrial | ExampleTrial, dataset: Dataset | None) -> TrainEvidence | ExampleEvidence:
    """Runs the trial in this process.  Only a train trial needs a data set.

    The result depends on the trial and the data alone, bit for bit, not on what the process ran before.
    Raises TrialError for what belongs to the trial, DataError if a train trial gets no data.
    """
    process.configure(trial.profile)
    began = worker.started()
    if isinstance(trial, ExampleTrial):
        _forget(0)
        stages, parameters = run_example(trial.example)
        return ExampleEvidence(trial, stages, parameters, worker.describe(trial.profile, began))
    if dataset is None:
        raise DataError(trial.cell.data, "was not handed to the trial", "load it and pass it to run")
    baseline, candidate, weight_map = _train_both(trial, dataset)
    return TrainEvidence(trial, (baseline.result, candidate.result), weight_map, worker.describe(trial.profile, began))


def train_arms(trial: TrainTrial, dataset: Dataset) -> tuple[TrainedArm, TrainedArm]:
    """The trained baseline and candidate, with their final weights."""
    process.configure(trial.profile)
    baseline, candidate, _ = _train_both(trial, dataset)
    return baseline, candidate


def _train_both(trial: TrainTrial, dataset: Dataset) -> tuple[TrainedArm, TrainedArm, tuple[WeightRole, ...]]:
    _forget(trial.seed)
    family, over = registry.load(trial.cell.family), strategy.build(trial.cell.strategy, trial.profile)
    built, seconds = [], []
    with over.scope():
        for style in (trial.cell.baseline, trial.cell.candidate):
            started = time.perf_counter()
            built.append(arms.build(trial, style, family, dataset))
            seconds.append(time.perf_counter() - started)
    baseline, candidate = (arms.roles(arm, family) for arm in built)
    weight_map = transplant(baseline, candidate)
    first, second = (
        _result(arm, family, spent, train(arm, trial, dataset, over)) for arm, spent in zip(built, seconds, strict=True)
    )
    return first, second, weight_map


def _result(arm: arms.Arm, family: Family, build_seconds: float, history: History) -> TrainedArm:
    weights = {role: np.asarray(variable) for role, variable in arms.roles(arm, family).items()}
    after_tracing = history.epoch_seconds[1:] or history.epoch_seconds
    result = ArmResult(
        style=arm.style,
        metrics=history.metrics,
        train_loss=history.train_loss,
        held_out=history.held_out,
        weights_digest=_digest(weights),
        parameters=sum(value.size for value in weights.values()),
        trainable_parameters=sum(int(np.prod(variable.shape)) for variable in arm.trainable),
        source_lines=source_lines(family, arm.style),
        build_seconds=build_seconds,
        train_seconds=sum(history.epoch_seconds),
        examples_per_second=history.examples * len(after_tracing) / sum(after_tracing),
    )
    return TrainedArm(result, weights)


def _digest(weights: Mapping[str, npt.NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for role, value in weights.items():
        digest.update(role.encode() + b"\0" + np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()


def _forget(seed: int) -> None:
    """Clears what earlier trials left in Keras, and sets the seeds that nothing here should need."""
    (keras.utils.clear_session if IS_KERAS_3 else keras.backend.clear_session)()
    keras.utils.set_random_seed(seed)
