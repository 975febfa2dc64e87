"""Trains one arm, epoch by epoch."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import TASK_METRICS, Dataset, TrainTrial
from pipeline.training import evaluate
from pipeline.training.arms import Arm
from pipeline.training.feed import batches, steps_per_epoch
from pipeline.training.steps import compile_steps


@dataclass(frozen=True)
class History:
    """One value per epoch, and the metrics after the last.  Seconds of training, evaluation left out.

    The first epoch's seconds include the tracing of the steps.  `examples` are those of one epoch.
    """

    train_loss: tuple[float, ...]
    held_out: tuple[float, ...]
    epoch_seconds: tuple[float, ...]
    metrics: dict[str, float]
    examples: int


def train(arm: Arm, trial: TrainTrial, dataset: Dataset, strategy: Any) -> History:
    """Trains the arm in place.  Raises TrialError("numeric", ...) if an epoch ends in a loss or output not finite."""
    with strategy.scope():
        run_steps = compile_steps(arm, trial, dataset.task, strategy)
    iterator = batches(dataset, trial.training, trial.seed, strategy)
    predict, primary = evaluate.predictor(arm), TASK_METRICS[dataset.task][0]
    steps = steps_per_epoch(trial.training, len(dataset.train_inputs))
    losses, seconds, metrics = [], [], []
    for epoch in range(trial.training.epochs):
        started = time.perf_counter()
        losses.append(_epoch(run_steps, iterator, epoch * steps, steps, trial.training.steps_per_call) / steps)
        seconds.append(time.perf_counter() - started)
        where = f"{trial.label}: {arm.style} arm, epoch {epoch + 1}"
        _refuse_non_finite(losses[-1], f"{where}: the loss is {losses[-1]}")
        outputs_NO = predict(dataset.test_inputs)
        _refuse_non_finite(outputs_NO, f"{where}: an output for held-out data is not finite")
        metrics.append(evaluate.metrics(dataset, outputs_NO))
    examples = steps * trial.training.global_batch
    return History(tuple(losses), tuple(m[primary] for m in metrics), tuple(seconds), metrics[-1], examples)


def _refuse_non_finite(values: Any, message: str) -> None:
    if not np.isfinite(values).all():
        raise TrialError("numeric", f"{message}; use a lower learning_rate")


def _epoch(run_steps: Any, iterator: Any, first: int, steps: int, steps_per_call: int) -> float:
    """The sum of the steps' losses."""
    total = 0.0
    for done in range(0, steps, steps_per_call):
        count = min(steps_per_call, steps - done)
        total += float(run_steps(iterator, tf.constant(first + done), tf.constant(count)))
    return total
