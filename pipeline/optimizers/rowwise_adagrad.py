"""Adagrad with one accumulator per row: 1/D of Adagrad's state.  V rows, D width.

A row's accumulator grows by the mean over the row of the squared gradient, and the row moves by

    learning_rate * gradient / (sqrt(accumulator) + epsilon)

as in FBGEMM (EXACT_ROWWISE_ADAGRAD; accumulator from 0, epsilon 1e-8) and DLRM (RWSAdagrad; epsilon 1e-10).  It differs
from Adagrad in what it adapts to, and from Keras' Adagrad also in where epsilon stands.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.optimizers.rows import RowOptimizer, Slots


@keras.saving.register_keras_serializable("layerparity")
class RowwiseAdagrad(RowOptimizer):
    """A row is what one index of the first axis selects, of a kernel too; in a vector each element is one.

    Sparse and dense gradients give the same numbers.
    """

    SETTINGS = ("initial_accumulator_value", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.01,
        *,
        initial_accumulator_value: float = 0.0,
        epsilon: float = 1e-8,
        **common: Any,
    ) -> None:
        """`common`: as RowOptimizer."""
        super().__init__(learning_rate, **common)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def slots_of(self, shape: Sequence[int]) -> Slots:
        return {"accumulator": ([*shape[:1], *[1] * (len(shape) - 1)], self.initial_accumulator_value)}

    def moved(self, gradient: Any, rows: Any, slots: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
        within_row = list(range(1, gradient.shape.rank))
        accumulator = slots[0] + tf.reduce_mean(tf.square(gradient), within_row, keepdims=True)
        return rows - learning_rate * gradient / (tf.sqrt(accumulator) + self.epsilon), accumulator
