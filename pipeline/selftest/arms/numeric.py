# mypy: allow-subclassing-any
"""Embeddings of numbers.  B batch, F features (3), K frequencies or bins (4), D width (4).

x_BF float32 -> y_B... float32.
"""

import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, register

F, K, D = 3, 4, 4
TWO_PI = 6.283185307179586
EDGES = (-1.0, -0.5, 0.25, 0.5, 1.0)


@register
class Phase(Arm):
    """2 pi x f, one trainable f per feature and frequency."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"frequencies": K}

    def build(self, input_shape: Any) -> None:
        self.rates_FK = self.add_weight(
            name="rates", shape=(input_shape[-1], self.frequencies), initializer="random_normal"
        )

    def call(self, x_BF: Any) -> Any:
        return TWO_PI * (x_BF[..., None] * self.rates_FK)


def wired_periodic() -> Any:
    inputs = keras.Input((F,))
    phase = Phase()(inputs)
    return keras.Model(inputs, keras.layers.concatenate([keras.ops.sin(phase), keras.ops.cos(phase)]))


def wired_plr() -> Any:
    inputs = keras.Input((F,))
    phase = Phase()(inputs)
    waves = keras.layers.concatenate([keras.ops.sin(phase), keras.ops.cos(phase)])
    return keras.Model(inputs, keras.layers.Dense(D, "relu")(waves))


def periodic(x: Any, frequencies: Any, scale: float = TWO_PI) -> Any:
    phase = scale * x[..., None] * frequencies
    return tf.concat([tf.sin(phase), tf.cos(phase)], axis=-1)


def periodic_without_two_pi(x: Any, frequencies: Any) -> Any:
    return periodic(x, frequencies, scale=1.0)


def cosine_first(x: Any, frequencies: Any) -> Any:
    phase = TWO_PI * x[..., None] * frequencies
    return tf.concat([tf.cos(phase), tf.sin(phase)], axis=-1)


def plr(x: Any, frequencies: Any, kernel: Any, bias: Any) -> Any:
    return tf.nn.relu(tf.einsum("bfk,kd->bfd", periodic(x, frequencies), kernel) + bias)


def plr_without_relu(x: Any, frequencies: Any, kernel: Any, bias: Any) -> Any:
    return tf.einsum("bfk,kd->bfd", periodic(x, frequencies), kernel) + bias


def fourier_by_loop(x: Any, kernel: Any) -> Any:
    waves = [wave(x * 2.0**power) for power in range(3) for wave in (tf.sin, tf.cos)]
    return tf.matmul(tf.concat(waves, axis=-1), kernel)


def _fourier(x: Any, kernel: Any, first: int) -> Any:
    rates = tf.constant([2.0**power for power in range(first, first + 3)], x.dtype)
    phase_BKF = x[:, None, :] * rates[:, None]
    waves_BK2F = tf.stack([tf.sin(phase_BKF), tf.cos(phase_BKF)], axis=2)
    return tf.matmul(tf.reshape(waves_BK2F, (-1, 6 * F)), kernel)


def fourier(x: Any, kernel: Any) -> Any:
    return _fourier(x, kernel, 0)


def fourier_octave_up(x: Any, kernel: Any) -> Any:
    return _fourier(x, kernel, 1)


def piecewise(x: Any, kernel: Any, edges: tuple[float, ...] = EDGES) -> Any:
    low, high = tf.constant(edges[:-1], x.dtype), tf.constant(edges[1:], x.dtype)
    bins_BFK = tf.clip_by_value((x[..., None] - low) / (high - low), 0, 1)
    return tf.einsum("bfk,fkd->bfd", bins_BFK, kernel)


def piecewise_by_loop(x: Any, kernel: Any) -> Any:
    bins = [tf.clip_by_value((x - low) / (high - low), 0, 1) for low, high in itertools.pairwise(EDGES)]
    return tf.einsum("bfk,fkd->bfd", tf.stack(bins, axis=-1), kernel)


def piecewise_other_edge(x: Any, kernel: Any) -> Any:
    return piecewise(x, kernel, (-1.0, -0.5, 0.2, 0.5, 1.0))


def piecewise_open_below(x: Any, kernel: Any) -> Any:
    low, high = tf.constant(EDGES[:-1], x.dtype), tf.constant(EDGES[1:], x.dtype)
    return tf.einsum("bfk,fkd->bfd", tf.minimum((x[..., None] - low) / (high - low), 1), kernel)


def tokens(x: Any, scale: Any, shift: Any) -> Any:
    return x[..., None] * scale + shift


def tokens_by_einsum(x: Any, scale: Any, shift: Any) -> Any:
    return tf.einsum("bf,fd->bfd", x, scale) + shift


def horner(x: Any, kernel: Any) -> Any:
    return tf.matmul(x * (1 + x * (0.5 + x * 0.25)), kernel)


def powers(x: Any, kernel: Any) -> Any:
    return tf.matmul(x + 0.5 * x**2 + 0.25 * x**3, kernel)


def plain(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel)


def clipped(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.clip_by_value(x, -1000, 1000), kernel)


def through_a_large_sum(x: Any, kernel: Any) -> Any:
    return tf.matmul((x + 1e5) - 1e5, kernel)


def through_a_large_sum_in_64_bits(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.cast((tf.cast(x, tf.float64) + 1e5) - 1e5, x.dtype), kernel)


def above(x: Any, table: Any) -> Any:
    return tf.gather(table, tf.cast(x > 5, tf.int32))


def from_five_on(x: Any, table: Any) -> Any:
    return tf.gather(table, tf.cast(x >= 5, tf.int32))
