"""Equal values, other gradients.  B batch, N inputs (6), U units (5).

x_BN float32 -> y_BU float32.
"""

from typing import Any

import tensorflow as tf


def plain(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel)


def through_identity(x: Any, kernel: Any) -> Any:
    return tf.matmul(_scaled_gradient(x, 1.0), kernel)


def half_gradient(x: Any, kernel: Any) -> Any:
    return tf.matmul(_scaled_gradient(x, 0.5), kernel)


def reversed_gradient(x: Any, kernel: Any) -> Any:
    return tf.matmul(_scaled_gradient(x, -1.0), kernel)


def _scaled_gradient(x: Any, scale: float) -> Any:
    identity = tf.custom_gradient(lambda z: (tf.identity(z), lambda upstream: upstream * tf.cast(scale, z.dtype)))
    return identity(x)


def clipped_gradient(x: Any, kernel: Any) -> Any:
    identity = tf.custom_gradient(lambda z: (tf.identity(z), lambda upstream: tf.clip_by_value(upstream, -0.1, 0.1)))
    return tf.matmul(identity(x), kernel)


def without_input_gradient(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.stop_gradient(x), kernel)


def gated(x: Any, kernel: Any, gate: Any) -> Any:
    return tf.matmul(x, kernel) * tf.sigmoid(tf.matmul(x, gate))


def gated_without_gradient(x: Any, kernel: Any, gate: Any) -> Any:
    return tf.matmul(x, kernel) * tf.stop_gradient(tf.sigmoid(tf.matmul(x, gate)))


def gated_by_tanh(x: Any, kernel: Any, gate: Any) -> Any:
    return tf.matmul(x, kernel) * (0.5 + 0.5 * tf.tanh(tf.matmul(x, gate) / 2))


def rounded(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.round(x), kernel)


def rounded_straight_through(x: Any, kernel: Any) -> Any:
    return tf.matmul(x + tf.stop_gradient(tf.round(x) - x), kernel)


def rounded_by_custom_gradient(x: Any, kernel: Any) -> Any:
    rounding = tf.custom_gradient(lambda z: (tf.round(z), lambda upstream: upstream))
    return tf.matmul(rounding(x), kernel)


def rectified(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.nn.relu(x), kernel)


def rectified_by_maximum(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.maximum(x, tf.zeros((), x.dtype)), kernel)


def absolute(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.abs(x), kernel)


def absolute_by_root(x: Any, kernel: Any) -> Any:
    return tf.matmul(tf.sqrt(x * x), kernel)


def absolute_by_sign(x: Any, kernel: Any) -> Any:
    return tf.matmul(x * tf.stop_gradient(tf.sign(x)), kernel)
