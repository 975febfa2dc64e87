"""A product of a Keras 3 symbolic tensor and a number is marked as sparse.

Nothing in it is sparse.  A layer of one's own that comes after it loses its shape, or can't be built.  Way out: a
Rescaling layer.
"""

import keras
import tensorflow as tf


class Absolute(keras.layers.Layer):
    def call(self, inputs):
        return tf.abs(inputs)


class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs + inputs


def shape_after(layer, tensor):
    try:
        return layer(tensor).shape
    except Exception as problem:
        return type(problem).__name__


x = keras.Input((4,))
for name, tensor in {
    "2.0 * x": 2.0 * x,
    "x * 2.0": x * 2.0,
    "ops.multiply(x, 2.0)": keras.ops.multiply(x, 2.0),
    "x / 0.5": x / 0.5,
    "Rescaling(2.0)(x)": keras.layers.Rescaling(2.0)(x),
}.items():
    after = f"tf.abs in a layer {shape_after(Absolute(), tensor)}, a sum in a layer {shape_after(Doubled(), tensor)}"
    print(f"{name:20} sparse={tensor.sparse}, shape {tensor.shape}; {after}")
