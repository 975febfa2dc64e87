# mypy: allow-subclassing-any
"""Sine, cosine and full turns as layers, which neither frontend has."""

import math
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras


@keras.saving.register_keras_serializable("layerparity")
class Sine(keras.layers.Layer):
    """sin x, element by element."""

    def call(self, x: Any) -> Any:
        return tf.sin(x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


@keras.saving.register_keras_serializable("layerparity")
class Cosine(keras.layers.Layer):
    """cos x, element by element."""

    def call(self, x: Any) -> Any:
        return tf.cos(x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


@keras.saving.register_keras_serializable("layerparity")
class Turns(keras.layers.Layer):
    """2 pi x: turns to radians.  Keras' own Rescaling rounds its factor to float32 under every dtype policy."""

    def call(self, x: Any) -> Any:
        return x * (2 * math.pi)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape
