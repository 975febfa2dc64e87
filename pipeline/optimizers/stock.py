# mypy: allow-subclassing-any
"""The frontend's own optimizers, with the same mathematics for sparse and dense gradients.

Keras 3 (3.15) does not sum repeated ids of a sparse gradient before a non-linear step, so a gather would train
differently from the equal dense layer; tf_keras does.  Here Keras 3's optimizers sum them too.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import IS_KERAS_3
from pipeline.optimizers.repeats import sum_densely, sum_repeats


def summing_repeats(stock: Any, learning_rate: float, *, jit: bool) -> Any:
    """The stock optimizer, given each id once.  `jit`: inside XLA, where it is given dense gradients."""
    if not IS_KERAS_3:
        return stock(learning_rate, jit_compile=False)
    summed = sum_densely if jit else sum_repeats

    class Summing(stock):
        """The stock optimizer, given each id once."""

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            sparse = isinstance(gradient, tf.IndexedSlices)
            super().update_step(summed(gradient) if sparse else gradient, variable, learning_rate)

    return Summing(learning_rate)
