"""One training step of one replica.

Every replica's loss is the sum over its examples divided by the size of the global batch, so that the sum over replicas
is the mean over the global batch, whatever the strategy.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from pipeline import optimizers
from pipeline.frontend import tensor_variable
from pipeline.records import Task, TrainTrial
from pipeline.training.arms import LOSS_SCALES, Arm
from pipeline.training.losses import LOSSES, at_least_float32


def build_optimizer(arm: Arm, trial: TrainTrial) -> Any:
    """The trial's optimizer, with its slots.  Call it in the strategy's scope."""
    optimizer = optimizers.build(trial.training.optimizer, trial.training.learning_rate, jit=trial.cell.jit)
    optimizer.build(arm.trainable)
    return optimizer


def replica_step(arm: Arm, trial: TrainTrial, task: Task, replicas: int, optimizer: Any) -> Callable[[Any, Any], Any]:
    """(the replica's element of the feed, number of the step) -> its share of the step's loss; trains the arm.

    With `jit` all but the draws of dropout is compiled by XLA.
    """
    variables = arm.trainable
    scale = LOSS_SCALES.get(trial.cell.dtype_policy, 1.0)
    # Workers gather sparse gradients of one size only, and those of a smaller batch are of another.
    dense = trial.cell.strategy.name == "multi_worker_mirrored" and trial.training.remainder == "keep"

    def train(parts: Any, targets: Any, kept_BD: Any, examples: Any) -> Any:
        with tf.GradientTape() as tape:
            outputs_BO = at_least_float32(arm.train_forward(parts, kept_BD))
            losses_B = LOSSES[task](targets, outputs_BO)
            loss = tf.reduce_sum(losses_B) / tf.cast(examples, losses_B.dtype)
            loss += sum(arm.losses) / replicas
            scaled = loss * scale
        gradients = tape.gradient(scaled, [tensor_variable(variable) for variable in variables])
        if dense:
            gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
        optimizer.apply_gradients(zip([unscaled(gradient, scale) for gradient in gradients], variables, strict=True))
        return loss

    compiled = tf.function(train, jit_compile=True) if trial.cell.jit else train

    def step(element: tuple[Any, ...], number: Any) -> Any:
        parts, targets, positions_B, examples = element
        return compiled(parts, targets, arm.kept_BD(positions_B, number), examples)

    return step


def unscaled(gradient: Any, scale: float) -> Any:
    """The gradient of the loss itself, of which `scale` times as much was differentiated."""
    if scale == 1.0:
        return gradient
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(gradient.values / scale, gradient.indices, gradient.dense_shape)
    return gradient / scale
