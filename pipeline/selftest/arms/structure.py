# mypy: allow-subclassing-any
"""What goes in and out: several outputs, dictionaries, integers, declared shapes.  B batch, N inputs (6), U units (4).

x_BN float32 in.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, register

N, U = 6, 4


def as_dict(x: Any, mean: Any, spread: Any) -> Any:
    return {"mean": tf.matmul(x, mean), "spread": tf.nn.softplus(tf.matmul(x, spread))}


def as_swapped_dict(x: Any, mean: Any, spread: Any) -> Any:
    return {"mean": tf.nn.softplus(tf.matmul(x, spread)), "spread": tf.matmul(x, mean)}


def as_list(x: Any, mean: Any, spread: Any) -> Any:
    return list(as_dict(x, mean, spread).values())


def as_swapped_list(x: Any, mean: Any, spread: Any) -> Any:
    return as_list(x, mean, spread)[::-1]


def joined(x: Any, mean: Any, spread: Any) -> Any:
    return tf.concat(as_list(x, mean, spread), axis=-1)


def best(x: Any, kernel: Any) -> Any:
    return tf.argmax(tf.matmul(x, kernel), axis=-1, output_type=tf.int32)


def best_in_64_bits(x: Any, kernel: Any) -> Any:
    return tf.argmax(tf.matmul(x, kernel), axis=-1)


def worst(x: Any, kernel: Any) -> Any:
    return tf.argmin(tf.matmul(x, kernel), axis=-1, output_type=tf.int32)


def buckets(ids_BN: Any) -> Any:
    return tf.math.floormod(ids_BN * 3 + 1, 7)


def buckets_by_subtraction(ids_BN: Any) -> Any:
    value = ids_BN * 3 + 1
    return value - 7 * (value // 7)


def buckets_of_eight(ids_BN: Any) -> Any:
    return tf.math.floormod(ids_BN * 3 + 1, 8)


def saturated(ids_BN: Any) -> Any:
    return tf.cast(tf.saturate_cast(ids_BN, tf.int8), tf.int32)


def unchanged(ids_BN: Any) -> Any:
    return tf.identity(ids_BN)


def column(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel)


def squeezed(x: Any, kernel: Any) -> Any:
    return tf.squeeze(tf.matmul(x, kernel), axis=-1)


def steps_first(x: Any) -> Any:
    return tf.transpose(x, (0, 2, 1))


def steps_reshaped(x: Any) -> Any:
    return tf.reshape(x, (-1, 4, 3))


def difference(inputs: Any, kernel: Any) -> Any:
    return tf.matmul(inputs[0] - inputs[1], kernel)


def difference_of_products(inputs: Any, kernel: Any) -> Any:
    return tf.matmul(inputs[0], kernel) - tf.matmul(inputs[1], kernel)


def difference_other_way(inputs: Any, kernel: Any) -> Any:
    return tf.matmul(inputs[1] - inputs[0], kernel)


@register
class Declaring(Arm):
    """relu(x W), which declares `declared` output columns whatever it gives."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"declared": U}

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], U), initializer="random_normal")

    def call(self, x: Any) -> Any:
        return tf.nn.relu(tf.matmul(x, self.kernel))

    def compute_output_spec(self, x: Any) -> Any:
        return keras.KerasTensor((x.shape[0], self.declared), dtype=self.compute_dtype)


@register
class Contrast(Arm):
    """left A - right B, its inputs one by one and not in a list."""

    def build(self, left_shape: Any, right_shape: Any) -> None:
        self.plus = self.add_weight(name="plus", shape=(left_shape[-1], U), initializer="random_normal")
        self.minus = self.add_weight(name="minus", shape=(right_shape[-1], U), initializer="random_normal")

    def call(self, left: Any, right: Any) -> Any:
        return tf.matmul(left, self.plus) - tf.matmul(right, self.minus)


def wired_contrast() -> Any:
    left, right = keras.Input((N,)), keras.Input((N,))
    sides = [keras.layers.Dense(U, use_bias=False, name=name)(x) for name, x in (("a", left), ("b", right))]
    return keras.Model([left, right], keras.layers.subtract(sides))


def wired_dict() -> Any:
    inputs = keras.Input((N,))
    mean, spread = (keras.layers.Dense(U, use_bias=False, name=name)(inputs) for name in ("mean", "spread"))
    return keras.Model(inputs, {"mean": mean, "spread": keras.ops.softplus(spread)})


def wired_list() -> Any:
    inputs = keras.Input((N,))
    mean, spread = (keras.layers.Dense(U, use_bias=False, name=name)(inputs) for name in ("mean", "spread"))
    return keras.Model(inputs, [mean, keras.ops.softplus(spread)])
