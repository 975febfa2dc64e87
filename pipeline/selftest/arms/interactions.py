"""Interactions of features.  B batch, F fields (4), V ids per field (6), D width (3).

ids_BF int32 -> y_B1 or y_BD.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import ids_input

F, V, D = 4, 6, 3


def machine(ids_BF: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BF)
    return 0.5 * tf.reduce_sum(tf.reduce_sum(x, 1) ** 2 - tf.reduce_sum(x**2, 1), axis=-1, keepdims=True)


def machine_by_pairs(ids_BF: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BF)
    pairs = [x[:, a] * x[:, b] for a in range(F) for b in range(a)]
    return tf.reduce_sum(tf.add_n(pairs), axis=-1, keepdims=True)


def machine_without_half(ids_BF: Any, table: Any) -> Any:
    return 2.0 * machine(ids_BF, table)


def machine_with_itself(ids_BF: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BF)
    return 0.5 * tf.reduce_sum(tf.reduce_sum(x, 1) ** 2, axis=-1, keepdims=True)


def two_towers(inputs: Any, user: Any, item: Any) -> Any:
    user_B, item_B = inputs
    return tf.reduce_sum(tf.gather(user, user_B) * tf.gather(item, item_B), axis=-1, keepdims=True)


def cosine_towers(inputs: Any, user: Any, item: Any) -> Any:
    user_B, item_B = inputs
    left, right = tf.gather(user, user_B), tf.gather(item, item_B)
    norms = tf.norm(left, axis=-1, keepdims=True) * tf.norm(right, axis=-1, keepdims=True)
    return tf.reduce_sum(left * right, axis=-1, keepdims=True) / norms


def towers_on_user(inputs: Any, user: Any, item: Any) -> Any:
    user_B, _ = inputs
    return tf.reduce_sum(tf.gather(user, user_B) * tf.gather(item, user_B), axis=-1, keepdims=True)


def tied_towers(inputs: Any, user: Any) -> Any:
    return two_towers(inputs, user, user)


def tied_projection(ids_BF: Any, table: Any) -> Any:
    pooled = tf.reduce_mean(tf.gather(table, ids_BF), axis=1)
    return tf.matmul(pooled, table, transpose_b=True)


def tied_projection_by_einsum(ids_BF: Any, table: Any) -> Any:
    return tf.einsum("bfd,vd->bv", tf.gather(table, ids_BF), table) / F


def tied_projection_one_way(ids_BF: Any, table: Any) -> Any:
    pooled = tf.reduce_mean(tf.gather(table, ids_BF), axis=1)
    return tf.matmul(pooled, tf.stop_gradient(tf.convert_to_tensor(table)), transpose_b=True)


def cross(x: Any, kernel: Any, bias: Any) -> Any:
    return x * tf.matmul(x, kernel) + bias + x


def cross_by_outer_product(x: Any, kernel: Any, bias: Any) -> Any:
    return tf.einsum("bi,bj,jo->bi", x, x, kernel) + bias + x


def cross_without_residual(x: Any, kernel: Any, bias: Any) -> Any:
    return x * tf.matmul(x, kernel) + bias


def bilinear(inputs: Any, kernel: Any) -> Any:
    left, right = inputs
    return tf.reduce_sum(tf.matmul(left, kernel) * right, axis=-1, keepdims=True)


def bilinear_by_einsum(inputs: Any, kernel: Any) -> Any:
    return tf.einsum("bi,ij,bj->b", inputs[0], kernel, inputs[1])[:, None]


def bilinear_transposed(inputs: Any, kernel: Any) -> Any:
    return tf.einsum("bi,ji,bj->b", inputs[0], kernel, inputs[1])[:, None]


def wired_towers() -> Any:
    inputs = [ids_input(), ids_input()]
    rows = [keras.layers.Embedding(V, D, name=name)(one) for name, one in zip(("u", "i"), inputs, strict=True)]
    return keras.Model(inputs, keras.layers.Dot(-1)(rows))
