"""Adam on a batch's rows.

Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, with the laziness of TensorFlow Addons' LazyAdam
and torch's SparseAdam: moments decay, and a row moves, only at steps in which the row occurs.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.optimizers.rows import RowOptimizer, Slots


@keras.saving.register_keras_serializable("layerparity")
class LazyAdam(RowOptimizer):
    """The frontend's Adam as long as every row occurs at every step.

    NOTE[DIFF] Under Adam an absent row goes on moving by its momentum, and both its moments fade; here it rests.  The
    bias correction counts all steps, as Adam's does, not those of the row: a row that first occurs at step t moves by

        learning_rate * (1 - beta_1) / sqrt(1 - beta_2) * sqrt(1 - beta_2**t) / (1 - beta_1**t)

    with the default betas learning_rate at step 1 and 3.2 times that after some thousand steps.  A dense gradient is
    one for every row, so a one-hot product trains as under Adam and a gather does not.
    """

    SETTINGS = ("beta_1", "beta_2", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        *,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **common: Any,
    ) -> None:
        """`common`: as RowOptimizer."""
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def slots_of(self, shape: Sequence[int]) -> Slots:
        return {"momentum": (shape, 0.0), "velocity": (shape, 0.0)}

    def moved(self, gradient: Any, rows: Any, slots: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
        momentum, velocity = slots
        momentum += (gradient - momentum) * (1 - self.beta_1)
        velocity += (tf.square(gradient) - velocity) * (1 - self.beta_2)
        step = tf.cast(self.iterations + 1, rows.dtype)
        unbiased_1 = 1 - tf.pow(tf.cast(self.beta_1, rows.dtype), step)
        unbiased_2 = 1 - tf.pow(tf.cast(self.beta_2, rows.dtype), step)
        alpha = learning_rate * tf.sqrt(unbiased_2) / unbiased_1
        return rows - momentum * alpha / (tf.sqrt(velocity) + self.epsilon), momentum, velocity
