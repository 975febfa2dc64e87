"""What a compiled Model's own training and evaluation leave behind, and what freezing leaves to train."""

import numpy as np

from pipeline.certify.evaluation import evaluator
from pipeline.certify.fresh import fresh
from pipeline.certify.lifecycle.calls import run
from pipeline.certify.lifecycle.copies import as_model
from pipeline.certify.lifecycle.observe import SKIPPED, Array, Life, Observation
from pipeline.certify.weights import is_float, preserved, read
from pipeline.frontend import keras

LEARNING_RATE = 0.01


def trained(life: Life) -> Observation:
    """Weights and state after two training batches of a compiled Model, and again after an evaluation batch."""
    targets = [np.zeros_like(output) for output in run(life.subject, life.arrays, False)]
    if not life.repeats or not all(is_float(target) for target in targets):
        return SKIPPED
    whole = as_model(fresh(life.subject, life.builder))
    whole.model.compile(keras.optimizers.SGD(LEARNING_RATE), loss=["mse"] * len(targets), jit_compile=False)
    given = (_single(life.arrays), _single(targets))
    for _ in range(2):
        whole.model.train_on_batch(*given)
    after = _values(read(whole))
    whole.model.test_on_batch(*given)
    return Observation("works", "", (*after, *_values(read(whole))))


def _values(roles: dict[str, Array]) -> tuple[Array, ...]:
    return tuple(value for _, value in sorted(roles.items()))


def _single(values: object) -> object:
    listed = list(values)  # type: ignore[call-overload]
    return listed[0] if len(listed) == 1 else listed


def frozen(life: Life) -> Observation:
    """`trainable = False` leaves nothing to train, and `True` gives it back."""
    arm = fresh(life.subject, life.builder)
    before = len(arm.model.trainable_variables)
    arm.model.trainable = False
    left = len(arm.model.trainable_variables)
    arm.model.trainable = True
    if left:
        return Observation("wrong", f"{left} weights are still trained once it is frozen")
    if before != len(arm.model.trainable_variables):
        return Observation("works", "thawing makes other weights trainable than before")
    return Observation("works")


def frozen_in_train_mode(life: Life) -> Observation:
    """What a frozen arm gives in train mode: Keras' own BatchNormalization turns to inference, few others do."""
    if not life.repeats or not life.subject.takes_training:
        return SKIPPED
    arm = fresh(life.subject, life.builder)
    arm.model.trainable = False
    with preserved(arm.model):
        return Observation("works", "", evaluator(arm, True, "eager")(life.arrays).outputs)
