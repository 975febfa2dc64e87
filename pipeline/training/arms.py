"""A trainable arm: the family's block, dropout, and a head.  B batch of one replica, G global batch, D block width.

Dropout between block and head is drawn for the global batch from (seed, step), and each replica takes its rows, so both
arms and every strategy see the same draws.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from pipeline.frontend import dtype_policy, keras
from pipeline.layers import registry
from pipeline.layers.family import Family, weights_by_role
from pipeline.layers.view import view
from pipeline.records import Dataset, Part, Style, TrainTrial
from pipeline.training import head
from pipeline.training.intake import Intake, intake


@dataclasses.dataclass(frozen=True)
class Arm:
    """A built block and head.  `seed` drives the dropout draws, of which `dropout` is the dropped share."""

    style: Style
    block: Any
    head: Any
    intake: Intake
    dropout: float
    seed: int
    global_batch: int

    def predict(self, parts: Mapping[Part, Any]) -> Any:
        """Outputs at inference."""
        vectors_BD = self.block(self.intake.block(parts), training=False)
        return self.head(self.intake.head(vectors_BD, parts))

    def train_forward(self, parts: Mapping[Part, Any], kept_BD: Any) -> Any:
        """Outputs when training; `kept_BD` are the dropout factors of these examples."""
        vectors_BD = self.block(self.intake.block(parts), training=True)
        if kept_BD is not None:
            vectors_BD *= tf.cast(kept_BD, vectors_BD.dtype)
        return self.head(self.intake.head(vectors_BD, parts))

    def kept_BD(self, positions_B: Any, step: Any) -> Any:
        """What the step multiplies these rows of the global batch with: 0 or 1/(1 - dropout); None without dropout."""
        if not self.dropout:
            return None
        shape = (self.global_batch, self.block.output_shape[-1])
        draws_GD = tf.random.stateless_uniform(shape, seed=tf.stack([self.seed, step]), alg="philox")
        kept_GD = tf.cast(draws_GD >= self.dropout, tf.float32) / (1.0 - self.dropout)
        return tf.gather(kept_GD, positions_B)

    def trainable_model(self) -> Any:
        """Block, dropout factors and head as one model of what `model_inputs` gives, for `fit`."""
        own = [_like(each) for each in self.block.inputs]
        vectors_BD = self.block(own[0] if len(own) == 1 else own)
        kept_BD = [keras.Input((self.block.output_shape[-1],), dtype="float32")] if self.dropout else []
        beside = [_like(each) for each in self.head.inputs[1:]]
        dropped_BD = keras.layers.Multiply()([vectors_BD, *kept_BD]) if kept_BD else vectors_BD
        outputs_BO = self.head([dropped_BD, *beside] if beside else dropped_BD)
        inputs = [*own, *kept_BD, *beside]
        return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs_BO)

    def model_inputs(self, parts: Mapping[Part, Any], kept_BD: Any) -> Any:
        """What the trainable model takes of a batch."""
        own = self.intake.block(parts)
        found = [*(own if isinstance(own, list) else [own]), *([] if kept_BD is None else [kept_BD])]
        found += [parts[name] for name in self.intake.beside]
        return found[0] if len(found) == 1 else tuple(found)

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
        seen = view(dataset, registry.entry(trial.reference or trial.cell.family).accepts)
        block = family.arms[style](family.spec_for(seen, trial.options, 2 * trial.seed))
        outputs = head.build(dataset, seen, block, trial.training.hidden, 2 * trial.seed + 1)
    return Arm(style, block, outputs, intake(seen), trial.training.dropout, trial.seed, trial.training.global_batch)


def roles(arm: Arm, family: Family) -> dict[str, Any]:
    """The arm's tracked weights by role, the head's included."""
    return {**weights_by_role(arm.block, family), **head.roles(arm.head)}


def _like(given: Any) -> Any:
    return keras.Input(given.shape[1:], dtype=given.dtype)


# float16 loses small gradients, so the loss is scaled by a fixed power of two and the gradients are scaled back;
# a dynamic scale would let the arms' scales part.
LOSS_SCALES: Mapping[str, float] = {"mixed_float16": 1024.0}
