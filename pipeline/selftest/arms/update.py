"""Arms with equal values and gradients that train differently, because the gradient arrives in another form.

Keras 3 hands repeated ids of a sparse gradient to its optimizers unsummed, so one that is not linear in the gradient
moves otherwise than for the equal dense gradient (measured with Keras 3.15; tf_keras sums them first).
B batch, T tokens (5), V vocabulary (12), D width (4), R rank (3).
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input, wired

T, V, D, R = 5, 12, 4, 3


def gather(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, ids_BT)


def one_hot(ids_BT: Any, table: Any) -> Any:
    return tf.matmul(tf.one_hot(ids_BT, V, dtype=table.dtype), table)


def dense_gather(ids_BT: Any, table: Any) -> Any:
    return tf.gather(1.0 * tf.convert_to_tensor(table), ids_BT)


def gather_of_distinct(ids_BT: Any, table: Any) -> Any:
    distinct, place = tf.unique(tf.reshape(ids_BT, (-1,)))
    return tf.reshape(tf.gather(tf.gather(table, distinct), place), (-1, T, D))


def bag_by_gather(ids_BT: Any, table: Any) -> Any:
    return tf.reduce_sum(tf.gather(table, ids_BT), axis=1)


def bag_by_counts(ids_BT: Any, table: Any) -> Any:
    counts_BV = tf.reduce_sum(tf.one_hot(ids_BT, V, dtype=table.dtype), axis=1)
    return tf.matmul(counts_BV, table)


def project_rows(ids_BT: Any, table: Any, up: Any) -> Any:
    return tf.matmul(tf.gather(table, ids_BT), up)


def project_table(ids_BT: Any, table: Any, up: Any) -> Any:
    return tf.gather(tf.matmul(table, up), ids_BT)


def wired_bag() -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.ops.sum(keras.layers.Embedding(V, D)(inputs), axis=1))


def wired_rows() -> Any:
    return wired(ids_input(T), keras.layers.Embedding(V, D))


def wired_factors() -> Any:
    return wired(ids_input(T), keras.layers.Embedding(V, R), keras.layers.Dense(D, use_bias=False))
