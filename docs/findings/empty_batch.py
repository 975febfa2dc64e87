"""A convolution of an empty batch keeps the shape of its input: stride, window and filters leave no trace.

This is TensorFlow's; under XLA the shape is right.  Keras 3's Conv1D adds its bias all the same, and Flatten takes what
comes for granted; tf_keras' Conv1D raises.  Way out: a Reshape to the true size, or no empty batches.
"""

import keras
import tensorflow as tf
import tf_keras

two, none, kernel = tf.zeros([2, 32, 1]), tf.zeros([0, 32, 1]), tf.zeros([8, 1, 16])


def convolved(batch):
    return tf.nn.convolution(batch, kernel, strides=4, padding="VALID")


def shape(function, batch):
    try:
        return function(batch).shape
    except Exception as problem:
        return type(problem).__name__


shown = {"tf.nn.convolution": convolved, "the same under XLA": tf.function(convolved, jit_compile=True)}
for frontend in (keras, tf_keras):
    layers = [frontend.layers.Conv1D(16, 8, strides=4), frontend.layers.Flatten()]
    shown[f"{frontend.__name__}, Conv1D and Flatten"] = frontend.Sequential(layers)
for name, function in shown.items():
    print(f"{name}: {shape(function, two)} of two rows, {shape(function, none)} of none")
