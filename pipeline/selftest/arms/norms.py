# mypy: allow-subclassing-any
"""Normalisations in their textbook forms.  B batch, C channels (5).

x_BC float32 -> y_BC float32.  Statistics are taken in float32 at least, as the stock layers do.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, register, wired

C = 5


def _wide(x: Any) -> Any:
    return tf.cast(x, tf.float32) if x.dtype in (tf.float16, tf.bfloat16) else x


@register
class TextbookBatchNorm(Arm):
    """Batch norm as its paper has it.  `statistics` is "batch" to use the batch's at inference too, "moving" to use
    the moving ones in training too; `moves` says when those are updated: "training", "always", "never".
    """

    SETTINGS: ClassVar[Mapping[str, Any]] = {
        "epsilon": 1e-3,
        "momentum": 0.99,
        "statistics": "",
        "moves": "training",
        "unbiased": False,
        "constant": False,
    }

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(name="gamma", shape=shape, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", trainable=False)
        self.variance = self.add_weight(name="variance", shape=shape, initializer="ones", trainable=False)

    def call(self, x: Any, training: bool = False) -> Any:
        wide = _wide(x)
        mean, variance = tf.nn.moments(wide, [0])
        if self.constant:
            mean, variance = tf.stop_gradient(mean), tf.stop_gradient(variance)
        if self.moves == "always" or (training and self.moves == "training"):
            self._move(mean, variance, tf.shape(wide)[0])
        if self.statistics == "moving" or (not training and self.statistics != "batch"):
            mean, variance = tf.cast(self.mean, wide.dtype), tf.cast(self.variance, wide.dtype)
        gamma, beta = tf.cast(self.gamma, wide.dtype), tf.cast(self.beta, wide.dtype)
        return tf.cast((wide - mean) / tf.sqrt(variance + self.epsilon) * gamma + beta, x.dtype)

    def _move(self, mean: Any, variance: Any, rows: Any) -> None:
        if self.unbiased:
            count = tf.cast(rows, variance.dtype)
            variance = variance * count / tf.maximum(count - 1, 1)
        for moving, now in ((self.mean, mean), (self.variance, variance)):
            moving.assign(moving * self.momentum + now * (1 - self.momentum))


@register
class TextbookLayerNorm(Arm):
    """(x - mean) / sqrt(variance + epsilon) over `axis`, scaled and shifted by channel; `beta_first` orders weights."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"epsilon": 1e-3, "axis": -1, "beta_first": False, "scale": True}

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1],)
        if self.beta_first:
            self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")
        if self.scale:
            self.gamma = self.add_weight(name="gamma", shape=shape, initializer="ones")
        if not self.beta_first:
            self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")

    def call(self, x: Any) -> Any:
        wide = _wide(x)
        centred = wide - tf.reduce_mean(wide, axis=self.axis, keepdims=True)
        variance = tf.reduce_mean(centred**2, axis=self.axis, keepdims=True)
        y = centred * tf.math.rsqrt(variance + self.epsilon)
        y = y * tf.cast(self.gamma, wide.dtype) if self.scale else y
        return tf.cast(y + tf.cast(self.beta, wide.dtype), x.dtype)


@register
class RunningMean(Arm):
    """x minus a running mean of the batches' means, moved in training before (or after) its use."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"rate": 0.1, "late": False, "spelling": "step"}

    def build(self, input_shape: Any) -> None:
        self.mean = self.add_weight(name="mean", shape=(input_shape[-1],), initializer="zeros", trainable=False)

    def call(self, x: Any, training: bool = False) -> Any:
        before = tf.identity(tf.convert_to_tensor(self.mean))
        if training:
            now = tf.cast(tf.reduce_mean(x, axis=0), before.dtype)
            moved = before + self.rate * (now - before)
            self.mean.assign(moved if self.spelling == "step" else (1 - self.rate) * before + self.rate * now)
        return x - tf.cast(before if self.late else self.mean, x.dtype)


def wired_batch_norm(**options: Any) -> Any:
    return wired(keras.Input((C,)), keras.layers.BatchNormalization(**options))


def wired_layer_norm(**options: Any) -> Any:
    return wired(keras.Input((C,)), keras.layers.LayerNormalization(epsilon=1e-3, **options))
