"""Adagrad on a batch's rows: the same numbers as the dense Adagrad, whose rows without gradient don't move either.

Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR 12, 2011.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.optimizers.rows import RowOptimizer, Slots


@keras.saving.register_keras_serializable("layerparity")
class SparseAdagrad(RowOptimizer):
    """Exactly the frontend's Adagrad, but for weight decay, which only the batch's rows have."""

    SETTINGS = ("initial_accumulator_value", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        *,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **common: Any,
    ) -> None:
        """`common`: as RowOptimizer."""
        super().__init__(learning_rate, **common)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def slots_of(self, shape: Sequence[int]) -> Slots:
        return {"accumulator": (shape, self.initial_accumulator_value)}

    def moved(self, gradient: Any, rows: Any, slots: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
        accumulator = slots[0] + tf.square(gradient)
        return rows - learning_rate * gradient / tf.sqrt(accumulator + self.epsilon), accumulator
