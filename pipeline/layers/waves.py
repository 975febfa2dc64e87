# mypy: allow-subclassing-any
"""Sine and cosine as layers, which neither frontend has."""

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
