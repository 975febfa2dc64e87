"""Rows of a trained table, without reading the others."""

from typing import Any

import tensorflow as tf

from pipeline.frontend import tensor_variable


def rows(table: Any, ids: Any, dtype: str) -> Any:
    """The rows of `ids` in the compute dtype: shape of ids, then the row's.

    Gathered from the tf.Variable: a gather from a Keras 3 variable reads the whole table first, which TensorFlow copies
    once an optimizer has scattered to it, and under a mixed policy casts whole.  Keras 3 may hand over float ids: under
    a strategy, `fit` builds on their mean over the replicas.
    """
    whole = ids if ids.dtype.is_integer else tf.cast(ids, tf.int32)
    return tf.cast(tf.gather(tensor_variable(table), whole), dtype)
