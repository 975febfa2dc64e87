"""A trainable arm: the family's block, dropout, and a head.  B batch of one replica, G global batch, D block width.

Dropout between block and head is drawn for the global batch from (seed, step), and each replica takes its rows, so both
arms and every strategy see the same draws.
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

    def kept_BD(self, positions_B: Any, step: Any) -> Any:
        """What the step multiplies these rows of the global batch with: 0 or 1/(1 - dropout); None without dropout."""
        if not self.dropout:
            return None
        shape = (self.global_batch, self.block.output_shape[-1])
        draws_GD = tf.random.stateless_uniform(shape, seed=tf.stack([self.seed, step]), alg="philox")
        kept_GD = tf.cast(draws_GD >= self.dropout, tf.float32) / (1.0 - self.dropout)
        return tf.gather(kept_GD, positions_B)

    def trainable_model(self) -> Any:
        """Block, dropout factors and head as one model (inputs or [inputs, kept_BD]) -> outputs, for `fit`."""
        inputs = keras.Input(self.block.input_shape[1:], dtype=self.block.inputs[0].dtype)
        vectors_BD = self.block(inputs)
        if not self.dropout:
            return keras.Model(inputs, self.head(vectors_BD))
        kept_BD = keras.Input((self.block.output_shape[-1],), dtype="float32")
        return keras.Model([inputs, kept_BD], self.head(keras.layers.Multiply()([vectors_BD, kept_BD])))

    @property
    def variables(self) -> list[Any]:
        """All of block and head."""
        return [*self.block.variables, *self.head.variables]

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
