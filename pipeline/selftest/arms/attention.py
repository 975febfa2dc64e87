"""Attention over looked-up tokens, and positions.

B batch, T tokens (4), V vocabulary (9), D width (4 = T), H heads (2).

ids_BT int32 -> vectors_BTD.  The tokens come from a table, so that no formula meets a float input or a mask.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input

T, V, D, H = 4, 9, 4, 2


def _attend(query: Any, key: Any, value: Any, scale: float, mask: Any = None, axis: int = -1) -> Any:
    scores_BTT = tf.matmul(query, key, transpose_b=True) * scale
    if mask is not None:
        scores_BTT += (1 - tf.cast(mask, scores_BTT.dtype)) * -1e4
    return tf.matmul(tf.nn.softmax(scores_BTT, axis=axis), value)


def attention(ids_BT: Any, table: Any, q: Any, k: Any, v: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), tf.matmul(x, v), D**-0.5)


def attention_by_einsum(ids_BT: Any, table: Any, v: Any, k: Any, q: Any) -> Any:
    x = tf.gather(table, ids_BT)
    query, key, value = (tf.einsum("btd,de->bte", x, kernel) for kernel in (q, k, v))
    weights = tf.nn.softmax(tf.einsum("bqe,bke->bqk", query * D**-0.5, key))
    return tf.einsum("bqk,bke->bqe", weights, value)


def written_softmax(ids_BT: Any, table: Any, q: Any, k: Any, v: Any) -> Any:
    x = tf.gather(table, ids_BT)
    scores = tf.matmul(tf.matmul(x, q), tf.matmul(x, k), transpose_b=True) * D**-0.5
    powers = tf.exp(scores - tf.stop_gradient(tf.reduce_max(scores, axis=-1, keepdims=True)))
    return tf.matmul(powers / tf.reduce_sum(powers, axis=-1, keepdims=True), tf.matmul(x, v))


def scaled_by_width(ids_BT: Any, table: Any, q: Any, k: Any, v: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), tf.matmul(x, v), 1 / D)


def softmax_over_queries(ids_BT: Any, table: Any, q: Any, k: Any, v: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), tf.matmul(x, v), D**-0.5, axis=-2)


def keys_without_gradient(ids_BT: Any, table: Any, q: Any, k: Any, v: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.stop_gradient(tf.matmul(x, k)), tf.matmul(x, v), D**-0.5)


def value_is_query(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), tf.matmul(x, q), D**-0.5)


def value_is_key(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), tf.matmul(x, k), D**-0.5)


def causal(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    mask = tf.linalg.band_part(tf.ones((T, T)), -1, 0)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), x, D**-0.5, mask)


def causal_by_where(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    scores = tf.matmul(tf.matmul(x, q), tf.matmul(x, k), transpose_b=True) * D**-0.5
    earlier = tf.range(T)[:, None] >= tf.range(T)[None, :]
    return tf.matmul(tf.nn.softmax(tf.where(earlier, scores, tf.constant(-1e4, scores.dtype))), x)


def causal_one_ahead(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    mask = tf.linalg.band_part(tf.ones((T, T)), -1, 1)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), x, D**-0.5, mask)


def two_heads(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)

    def heads(kernel: Any) -> Any:
        return tf.transpose(tf.reshape(tf.matmul(x, kernel), (-1, T, H, D // H)), (0, 2, 1, 3))

    mixed_BHTE = _attend(heads(q), heads(k), heads(q), 1.0)
    return tf.reshape(tf.transpose(mixed_BHTE, (0, 2, 1, 3)), (-1, T, D))


def two_heads_by_loop(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    query, key = tf.matmul(x, q), tf.matmul(x, k)
    parts = [slice(head * D // H, (head + 1) * D // H) for head in range(H)]
    return tf.concat([_attend(query[..., s], key[..., s], query[..., s], 1.0) for s in parts], axis=-1)


def positions(ids_BT: Any, table: Any, place: Any) -> Any:
    return tf.gather(table, ids_BT) + place


def positions_by_gather(ids_BT: Any, table: Any, place: Any) -> Any:
    return tf.gather(table, ids_BT) + tf.gather(place, tf.range(T))


def positions_shifted(ids_BT: Any, table: Any, place: Any) -> Any:
    return tf.gather(table, ids_BT) + tf.gather(place, tf.maximum(tf.range(T) - 1, 0))


def positions_by_channel(ids_BT: Any, table: Any, place: Any) -> Any:
    return tf.gather(table, ids_BT) + tf.transpose(tf.convert_to_tensor(place))


def wired_attention() -> Any:
    inputs = ids_input(T)
    x = keras.layers.Embedding(V, D)(inputs)
    query, key, value = (keras.layers.Dense(D, use_bias=False, name=name)(x) for name in "qkv")
    scores = keras.ops.matmul(query, keras.ops.transpose(key, (0, 2, 1))) * D**-0.5
    return keras.Model(inputs, keras.ops.matmul(keras.ops.softmax(scores), value))


def wired_stock_attention() -> Any:
    inputs = ids_input(T)
    x = keras.layers.Embedding(V, D)(inputs)
    query, key = (keras.layers.Dense(D, use_bias=False, name=name)(x) for name in "qk")
    return keras.Model(inputs, keras.layers.Attention()([query, x, key]))


def unscaled(ids_BT: Any, table: Any, q: Any, k: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return _attend(tf.matmul(x, q), tf.matmul(x, k), x, 1.0)
