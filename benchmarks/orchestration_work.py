"""What the trials of benchmarks.orchestration do, the same whoever runs them.

`real` builds, compiles and trains a Keras model anew; `short` trains a compiled model further, which a process builds
once; `empty` does nothing.  A size's steps are fixed beforehand, so that a trial is so much work and not so many
seconds: what slows it down counts.
"""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pipeline.records import ArmResult, Dataset, Evidence, Profile, TrainEvidence, Trial, Worker
from pipeline.training.monitor import UNWATCHED, Monitor

STEPS = "ORCHESTRATION_STEPS"  # the environment's: how many steps a trial trains
KIND = "ORCHESTRATION_KIND"  # and which of KINDS it does
ROWS, FEATURES, UNITS, CALL = 128, 64, 128, 10


def real(steps: int, seed: int) -> float:
    """The loss after so many steps of a model of its own."""
    return _train(_model(seed), steps)


def short(steps: int, seed: int) -> float:
    """The loss after so many more steps of this process's model."""
    del seed
    return _train(_process_model(), steps)


def empty(steps: int, seed: int) -> float:
    """Nothing."""
    del steps
    return float(seed)


def _import() -> None:
    from pipeline.frontend import keras  # noqa: F401


@cache
def _process_model() -> Any:
    return _model(0)


KINDS: Mapping[str, Callable[[int, int], float]] = {"real": real, "short": short, "empty": empty}
PREPARE: Mapping[str, Callable[[], Any]] = {"real": _import, "short": _process_model, "empty": lambda: None}


def worked(seed: int) -> tuple[float, float, float]:
    """Does what the environment says.  When it began and ended, in seconds since the epoch, and the loss.

    What a process does for its first trial comes before the beginning: it belongs to the start of a worker.
    """
    kind = os.environ[KIND]
    PREPARE[kind]()
    began = time.time()
    loss = KINDS[kind](int(os.environ[STEPS]), seed)
    return began, time.time(), loss


def configure(profile: Profile) -> None:
    """Sets nothing up: the environment has done it."""
    del profile


def run(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """What our workers run."""
    del dataset
    monitor.beat()
    seed = getattr(trial, "seed", 0)
    began, ended, loss = worked(seed)
    return evidence(trial, began, ended, loss)


def evidence(trial: Any, began: float, ended: float, loss: float) -> TrainEvidence:
    """As much as a train trial tells, of as many epochs as it has."""
    worker = Worker("orchestration", os.getpid(), "cpu", {}, began, ended - began, warm=True)
    epochs, accuracy = trial.training.epochs, 0.5 + trial.seed % 7 / 100
    baseline, candidate = (
        ArmResult(
            style,
            {"accuracy": accuracy},
            train_loss=(loss,) * epochs,
            held_out=(accuracy,) * epochs,
            weights_digest="0" * 64,
            parameters=1,
            trainable_parameters=1,
            source_lines=1,
            build_seconds=0.0,
            train_seconds=ended - began,
            examples_per_second=1.0,
        )
        for style in (trial.cell.baseline, trial.cell.candidate)
    )
    return TrainEvidence(trial, (baseline, candidate), (), worker)


def calibrated(kind: str, seconds: float) -> int:
    """Steps that take so long here, in a process that has done it before; alone on the machine."""
    if kind == "empty":
        return 0
    do, fewer = KINDS[kind], 10 * CALL
    do(fewer, 0)
    times = []
    for steps in (fewer, 11 * fewer):
        began = time.perf_counter()
        do(steps, 0)
        times.append(time.perf_counter() - began)
    per_step = (times[1] - times[0]) / (10 * fewer)
    return max(CALL, int((seconds - times[0]) / per_step) + fewer)


def _model(seed: int) -> Any:
    """A compiled call of CALL steps of Adam on a model with two hidden layers."""
    import numpy as np
    import tensorflow as tf

    from pipeline.frontend import keras

    random = np.random.default_rng(seed)
    inputs = tf.constant(random.random((ROWS, FEATURES), np.float32))
    targets = tf.constant(random.integers(0, 10, ROWS, np.int32))
    layers = [keras.layers.Dense(UNITS, "relu"), keras.layers.Dense(UNITS, "relu"), keras.layers.Dense(10)]
    model = keras.Sequential([keras.Input((FEATURES,)), *layers])
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    @tf.function
    def call() -> Any:
        loss = tf.constant(0.0)
        for _ in tf.range(CALL):
            with tf.GradientTape() as tape:
                each = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, model(inputs, training=True))
                loss = tf.reduce_mean(each)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    call()
    return call


def _train(call: Any, steps: int) -> float:
    loss = call()
    for _ in range(steps // CALL - 1):
        loss = call()
    return float(loss)
