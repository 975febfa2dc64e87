"""Bags of rows, and padding.  B batch, T tokens (5), V vocabulary (12), D width (4).  Id 0 is padding.

ids_BT int32 in 0..V-1 -> vectors_BD.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input

T, V, D = 5, 12, 4


def _rows_and_mask(ids_BT: Any, table: Any, padding: int = 0) -> tuple[Any, Any]:
    rows_BTD = tf.gather(table, ids_BT)
    return rows_BTD, tf.cast(tf.not_equal(ids_BT, padding), rows_BTD.dtype)[..., None]


def mean(ids_BT: Any, table: Any) -> Any:
    return tf.reduce_mean(tf.gather(table, ids_BT), axis=1)


def mean_by_loop(ids_BT: Any, table: Any) -> Any:
    return sum(tf.gather(table, ids_BT[:, step]) for step in range(T)) / T


def masked_mean(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    return tf.reduce_sum(rows_BTD * mask_BT1, axis=1) / tf.reduce_sum(mask_BT1, axis=1)


def masked_mean_other_padding(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table, V - 1)
    return tf.math.divide_no_nan(tf.reduce_sum(rows_BTD * mask_BT1, axis=1), tf.reduce_sum(mask_BT1, axis=1))


def safe_mean(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    return tf.math.divide_no_nan(tf.reduce_sum(rows_BTD * mask_BT1, axis=1), tf.reduce_sum(mask_BT1, axis=1))


def safe_mean_by_where(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    kept = tf.where(tf.cast(mask_BT1, tf.bool), rows_BTD, tf.zeros_like(rows_BTD))
    return tf.reduce_sum(kept, axis=1) / tf.maximum(tf.reduce_sum(mask_BT1, axis=1), 1)


def root_n(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    count = tf.maximum(tf.reduce_sum(mask_BT1, axis=1), 1)
    return tf.reduce_sum(rows_BTD * mask_BT1, axis=1) / tf.sqrt(count)


def root_n_by_weights(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    weight_BT1 = mask_BT1 * tf.math.rsqrt(tf.maximum(tf.reduce_sum(mask_BT1, axis=1, keepdims=True), 1))
    return tf.einsum("btd,bto->bd", rows_BTD, weight_BT1)


def bag_sum(ids_BT: Any, table: Any) -> Any:
    return tf.reduce_sum(tf.gather(table, ids_BT), axis=1)


def masked_sum(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    return tf.reduce_sum(rows_BTD * mask_BT1, axis=1)


def maximum(ids_BT: Any, table: Any) -> Any:
    return tf.reduce_max(tf.gather(table, ids_BT), axis=1)


def masked_maximum(ids_BT: Any, table: Any) -> Any:
    rows_BTD, mask_BT1 = _rows_and_mask(ids_BT, table)
    return tf.reduce_max(rows_BTD - 1e4 * (1 - mask_BT1), axis=1)


def weighted(inputs: Any, table: Any) -> Any:
    ids_BT, weight_BT = inputs
    return tf.einsum("bt,btd->bd", weight_BT, tf.gather(table, ids_BT))


def mean_over_width(ids_BT: Any, table: Any) -> Any:
    return tf.reduce_mean(tf.gather(table, ids_BT), axis=2)


def wired_pool(mask_zero: bool = False) -> Any:
    inputs = ids_input(T)
    rows = keras.layers.Embedding(V, D, mask_zero=mask_zero)(inputs)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(rows))


def wired_maximum() -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.layers.GlobalMaxPooling1D()(keras.layers.Embedding(V, D)(inputs)))


def wired_weighted() -> Any:
    inputs, weights = ids_input(T), keras.Input((T,))
    rows = keras.layers.Embedding(V, D)(inputs)
    column = keras.layers.Reshape((T, 1))(weights)
    return keras.Model([inputs, weights], keras.layers.Reshape((D,))(keras.layers.Dot(1)([column, rows])))


def wired_rows(mask_zero: bool) -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.layers.Embedding(V, D, mask_zero=mask_zero)(inputs))
