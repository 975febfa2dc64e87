"""The compiled training steps: many in one call, no Python in between.

Every replica's loss is the sum over its examples divided by the global batch, so that the sum over replicas is the
mean over the global batch, whatever the strategy.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.frontend import tensor_variable
from pipeline.records import Task, TrainTrial
from pipeline.training import optimizers
from pipeline.training.arms import LOSS_SCALES, Arm
from pipeline.training.losses import LOSSES, at_least_float32


def compile_steps(arm: Arm, trial: TrainTrial, task: Task, strategy: Any) -> Callable[[Any, Any, Any], Any]:
    """(iterator, number of the first step, how many steps) -> the sum of the steps' losses.

    Call it in the strategy's scope: it makes the optimizer.  With `jit` the step is compiled by XLA, on one replica.
    """
    step = _replica_step(arm, trial, task, strategy.num_replicas_in_sync)
    if trial.cell.jit:
        if strategy.num_replicas_in_sync > 1:
            raise TrialError("user_code", f"jit runs on one replica, not under {trial.cell.strategy.label}")
        step = tf.function(step, jit_compile=True)

    def replica(batch: tuple[Any, Any], number: Any) -> Any:
        inputs, targets = batch
        this = tf.distribute.get_replica_context().replica_id_in_sync_group
        return step(inputs, targets, arm.kept_BD(inputs.shape[0], number, this))

    def run_steps(iterator: Any, first: Any, count: Any) -> Any:
        total = tf.zeros((), at_least_float32(tf.zeros((), arm.head.compute_dtype)).dtype)
        for offset in tf.range(count):
            losses = strategy.run(replica, args=(next(iterator), first + offset))
            total += strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)
        return total

    return tf.function(run_steps)  # type: ignore[no-any-return]


def _replica_step(arm: Arm, trial: TrainTrial, task: Task, replicas: int) -> Callable[..., Any]:
    optimizer = optimizers.build(trial.training.optimizer, trial.training.learning_rate, jit=trial.cell.jit)
    variables = arm.trainable
    optimizer.build(variables)
    scale = LOSS_SCALES.get(trial.cell.dtype_policy, 1.0)

    def step(inputs: Any, targets: Any, kept_BD: Any) -> Any:
        with tf.GradientTape() as tape:
            outputs_BO = at_least_float32(arm.train_forward(inputs, kept_BD))
            loss = tf.reduce_sum(LOSSES[task](targets, outputs_BO)) / arm.global_batch
            loss += sum(arm.losses) / replicas
            scaled = loss * scale
        gradients = tape.gradient(scaled, [tensor_variable(variable) for variable in variables])
        optimizer.apply_gradients(zip([_unscaled(gradient, scale) for gradient in gradients], variables, strict=True))
        return loss

    return step


def _unscaled(gradient: Any, scale: float) -> Any:
    if scale == 1.0:
        return gradient
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(gradient.values / scale, gradient.indices, gradient.dense_shape)
    return gradient / scale
