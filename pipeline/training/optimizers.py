# mypy: allow-subclassing-any
"""The optimizers, with the same mathematics for sparse and dense gradients under both frontends.

Keras 3 (3.15) does not sum repeated ids of a sparse gradient before a non-linear step, so a gather would train
differently from the equal dense layer; tf_keras does.  Here Keras 3's optimizers sum them too.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.frontend import IS_KERAS_3, keras

OPTIMIZERS: Mapping[str, str] = MappingProxyType({"sgd": "SGD", "adagrad": "Adagrad", "adam": "Adam"})


def build(name: str, learning_rate: float, *, jit: bool) -> Any:
    """The optimizer by name.  `jit`: it will run inside XLA.  Raises TrialError for an unknown name."""
    if name not in OPTIMIZERS:
        raise TrialError("user_code", f"unknown optimizer {name!r}; use one of {', '.join(OPTIMIZERS)}")
    stock = getattr(keras.optimizers, OPTIMIZERS[name])
    if not IS_KERAS_3:
        return stock(learning_rate, jit_compile=False)
    return _summing_repeats(stock, sum_densely if jit else sum_repeats)(learning_rate)


def sum_repeats(gradient: tf.IndexedSlices) -> tf.IndexedSlices:
    """The same gradient with each id once, its rows summed."""
    ids, position = tf.unique(gradient.indices)
    rows = tf.math.unsorted_segment_sum(gradient.values, position, tf.shape(ids)[0])
    return tf.IndexedSlices(rows, ids, gradient.dense_shape)


def sum_densely(gradient: tf.IndexedSlices) -> tf.Tensor:
    """The same gradient, dense: XLA has no tf.unique."""
    return tf.convert_to_tensor(gradient)


def _summing_repeats(stock: Any, summed: Any) -> Any:
    class Summing(stock):
        """The stock optimizer, given each id once."""

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            sparse = isinstance(gradient, tf.IndexedSlices)
            super().update_step(summed(gradient) if sparse else gradient, variable, learning_rate)

    return Summing
