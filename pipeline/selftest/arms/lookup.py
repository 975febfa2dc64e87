"""Tables of trainable rows.  B batch, T tokens (5), V vocabulary (16), D width (4).

ids_BT int32 in 0..V-1 -> vectors_BTD.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input, wired

T, V, D = 5, 16, 4


def gather(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, ids_BT)


def take(ids_BT: Any, table: Any) -> Any:
    return keras.ops.take(table, ids_BT, axis=0)


def one_hot(ids_BT: Any, table: Any) -> Any:
    return tf.matmul(tf.one_hot(ids_BT, V, dtype=table.dtype), table)


def clipped_gather(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.minimum(ids_BT, V - 2))


def clipped_wide(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.clip_by_value(ids_BT, 0, V - 1))


def wrapped_wide(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, ids_BT % V)


def zero_row(ids_BT: Any, table: Any) -> Any:
    return tf.where(ids_BT[..., None] == 0, tf.zeros((), table.dtype), tf.gather(table, ids_BT))


def wired_embedding(vocabulary: int = V) -> Any:
    return wired(ids_input(T), keras.layers.Embedding(vocabulary, D, name="rows"))


def wired_one_hot() -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.layers.Dense(D, use_bias=False)(keras.ops.one_hot(inputs, V)))
