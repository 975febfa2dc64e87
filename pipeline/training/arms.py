"""A trainable arm: the family's block, dropout, and a head.  B batch of one replica, G global batch, D block width.

Dropout between block and head is drawn for the global batch from (seed, step) and sliced per replica, so both arms
and every strategy see the same draws.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.frontend import dtype_policy, keras
from pipeline.layers.family import Family, weights_by_role
from pipeline.records import Dataset, Style, TrainTrial


@dataclasses.dataclass(frozen=True)
class Arm:
    """A built block and head.  `seed` drives the dropout draws, of which `dropout` is the dropped share."""

    style: Style
    block: Any
    head: Any
    dropout: float
    seed: int
    global_batch: int

    def predict(self, inputs: Any) -> Any:
        """Outputs at inference."""
        return self.head(self.block(inputs, training=False))

    def train_forward(self, inputs: Any, kept_BD: Any) -> Any:
        """Outputs when training; `kept_BD` are the dropout factors of these inputs."""
        vectors_BD = self.block(inputs, training=True)
        if kept_BD is not None:
            vectors_BD *= tf.cast(kept_BD, vectors_BD.dtype)
        return self.head(vectors_BD)

    def kept_BD(self, rows: int, step: Any, replica: Any) -> Any:
        """What this step multiplies this replica's vectors with: 0 or 1 / (1 - dropout); None without dropout.

        Not for use inside XLA, whose generator draws other numbers.
        """
        if not self.dropout:
            return None
        width = self.block.output_shape[-1]
        draws_GD = tf.random.stateless_uniform((self.global_batch, width), seed=tf.stack([self.seed, step]))
        kept_GD = tf.cast(draws_GD >= self.dropout, tf.float32) / (1.0 - self.dropout)
        return tf.slice(kept_GD, [replica * rows, 0], [rows, width])

    @property
    def trainable(self) -> list[Any]:
        """The variables that the optimizer updates."""
        return [*self.block.trainable_variables, *self.head.trainable_variables]

    @property
    def losses(self) -> list[Any]:
        """The regularisation terms of block and head."""
        return [*self.block.losses, *self.head.losses]


def build(trial: TrainTrial, style: Style, family: Family, dataset: Dataset) -> Arm:
    """Builds the arm under the cell's dtype policy; the policy before is restored.  Call it in the strategy's scope."""
    with dtype_policy(trial.cell.dtype_policy):
        block = family.arms[style](family.spec_for(dataset, trial.options, 2 * trial.seed))
        head = _head(dataset, 2 * trial.seed + 1)
        head.build((None, block.output_shape[-1]))
    return Arm(style, block, head, trial.training.dropout, trial.seed, trial.training.global_batch)


def roles(arm: Arm, family: Family) -> dict[str, Any]:
    """The arm's tracked weights by role, the head's included."""
    return {**weights_by_role(arm.block, family), "head/kernel": arm.head.kernel, "head/bias": arm.head.bias}


def _head(dataset: Dataset, seed: int) -> Any:
    """A Dense to the outputs.  A rating's bias starts at the mean training rating: it is far from 0."""
    centre = float(np.asarray(dataset.train_targets, np.float64).mean()) if dataset.task == "rating" else 0.0
    return keras.layers.Dense(
        dataset.outputs,
        kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
        bias_initializer=keras.initializers.Constant(centre),
        name="head",
    )


# float16 loses small gradients, so the loss is scaled by a fixed power of two and the gradients are scaled back;
# a dynamic scale would let the arms' scales part.
LOSS_SCALES: Mapping[str, float] = {"mixed_float16": 1024.0}
