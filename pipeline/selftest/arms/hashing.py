"""Tables behind arithmetic on ids: hashed, by quotient and remainder, several, fused.

B batch, T tokens (5), V vocabulary (16), D width (4).

ids_BT int32 in 0..V-1 -> vectors_BTD.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input

T, V, D = 5, 16, 4
Q = 4  # V = Q * Q


def hashed(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.math.floormod(ids_BT * 40503 + 7, V))


def hashed_with_other_multiplier(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.math.floormod(ids_BT * 40507 + 7, V))


def hashed_overflowing(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.math.floormod(ids_BT * 40503, 13))


def hashed_in_64_bits(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, tf.math.floormod(tf.cast(ids_BT, tf.int64) * 40503, 13))


def quotient_remainder(ids_BT: Any, quotient: Any, remainder: Any) -> Any:
    return tf.gather(quotient, ids_BT // Q) * tf.gather(remainder, ids_BT % Q)


def quotient_then_remainder(ids_BT: Any, quotient: Any, remainder: Any) -> Any:
    return tf.concat([tf.gather(quotient, ids_BT // Q), tf.gather(remainder, ids_BT % Q)], axis=-1)


def remainder_then_quotient(ids_BT: Any, quotient: Any, remainder: Any) -> Any:
    return tf.concat([tf.gather(quotient, ids_BT % Q), tf.gather(remainder, ids_BT // Q)], axis=-1)


def column_by_column(ids_BT: Any, *tables: Any) -> Any:
    return tf.concat([tf.gather(table, ids_BT[:, column]) for column, table in enumerate(tables)], axis=-1)


def fused_by_loop(ids_BT: Any, table: Any) -> Any:
    return tf.stack([tf.gather(table, ids_BT[:, column] + 4 * column) for column in range(3)], axis=1)


def fused_at_once(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, ids_BT + tf.constant([0, 4, 8]))


def fused_wrong_offset(ids_BT: Any, table: Any) -> Any:
    return tf.gather(table, ids_BT + tf.constant([0, 4, 7]))


def wired_hashed() -> Any:
    inputs = ids_input(T)
    bucket = keras.ops.mod(inputs * 40503 + 7, V)
    return keras.Model(inputs, keras.layers.Embedding(V, D)(bucket))


def wired_quotient_remainder() -> Any:
    inputs = ids_input(T)
    quotient = keras.layers.Embedding(Q, D, name="high")(keras.ops.floor_divide(inputs, Q))
    return keras.Model(inputs, keras.layers.multiply([quotient, keras.layers.Embedding(Q, D, name="low")(inputs % Q)]))


def wired_columns() -> Any:
    inputs = ids_input(3)
    rows = [keras.layers.Embedding(4, D, name=f"column_{k}")(inputs[:, k]) for k in range(3)]
    return keras.Model(inputs, keras.layers.concatenate(rows))
