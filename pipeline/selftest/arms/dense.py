"""Projections and activations.  B batch, N inputs (6), U units (5).

x_BN float32 -> y_BU float32, unless a formula says otherwise.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import wired

N, U = 6, 5


def relu_projection(x: Any, kernel: Any, bias: Any) -> Any:
    return tf.nn.relu(tf.matmul(x, kernel) + bias)


def relu_projection_bias_first(x: Any, bias: Any, kernel: Any) -> Any:
    return tf.nn.relu(tf.nn.bias_add(tf.matmul(x, kernel), bias))


def einsum_projection(x: Any, kernel: Any, bias: Any) -> Any:
    return tf.nn.relu(tf.einsum("bi,iu->bu", x, kernel) + bias)


def split_columns(x: Any, kernel: Any, bias: Any) -> Any:
    kernel = tf.convert_to_tensor(kernel)
    return tf.nn.relu(tf.concat([tf.matmul(x, kernel[:, :2]), tf.matmul(x, kernel[:, 2:])], axis=1) + bias)


def split_rows(x: Any, kernel: Any, bias: Any) -> Any:
    kernel = tf.convert_to_tensor(kernel)
    return tf.nn.relu(tf.matmul(x[:, :2], kernel[:2]) + tf.matmul(x[:, 2:], kernel[2:]) + bias)


def merged_rows(x: Any, kernel: Any, bias: Any) -> Any:
    flat = tf.matmul(tf.reshape(x, (-1, N)), kernel) + bias
    return tf.reshape(flat, (-1, 3, U))


def right_first(x: Any, down: Any, up: Any) -> Any:
    return tf.matmul(x, tf.matmul(down, up))


def left_first(x: Any, down: Any, up: Any) -> Any:
    return tf.matmul(tf.matmul(x, down), up)


def exact_gelu(x: Any, kernel: Any, bias: Any) -> Any:
    z = tf.matmul(x, kernel) + bias
    return 0.5 * z * (1.0 + tf.math.erf(z * 0.7071067811865476))


def tanh_gelu(x: Any, kernel: Any, bias: Any) -> Any:
    return tf.nn.gelu(tf.matmul(x, kernel) + bias, approximate=True)


def written_swish(x: Any, kernel: Any, bias: Any) -> Any:
    z = tf.matmul(x, kernel) + bias
    return z / (1.0 + tf.exp(-z))


def written_softplus(x: Any, kernel: Any, bias: Any) -> Any:
    z = tf.matmul(x, kernel) + bias
    return tf.maximum(z, 0.0) + tf.math.log1p(tf.exp(-tf.abs(z)))


def log_softmax_by_logsumexp(x: Any, kernel: Any) -> Any:
    z = tf.matmul(x, kernel)
    return z - tf.reduce_logsumexp(z, axis=-1, keepdims=True)


def log_softmax(x: Any, kernel: Any) -> Any:
    return tf.nn.log_softmax(tf.matmul(x, kernel))


def joined_towers(inputs: Any, kernel: Any) -> Any:
    left, right = inputs
    return tf.matmul(left + right, kernel)


def residual_loop(x: Any, *kernels: Any) -> Any:
    for kernel in kernels:
        x = x + tf.tanh(tf.matmul(x, kernel))
    return x


def square(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel)


def square_transposed(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel, transpose_b=True)


def scaled_by_root(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel) / N**0.5


def scaled_by_width(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel) / N


def wired_dense(activation: str = "relu", use_bias: bool = True) -> Any:
    return wired(keras.Input((N,)), keras.layers.Dense(U, activation=activation, use_bias=use_bias, name="block"))


def sequential_dense() -> Any:
    return keras.Sequential([keras.Input((N,)), keras.layers.Dense(U), keras.layers.Activation("relu")])


def wired_rows() -> Any:
    return wired(keras.Input((3, N)), keras.layers.Dense(U))


def wired_towers() -> Any:
    left, right, shared = keras.Input((N,)), keras.Input((N,)), keras.layers.Dense(U, use_bias=False)
    return keras.Model([left, right], keras.layers.add([shared(left), shared(right)]))


def wired_residual() -> Any:
    inputs = x = keras.Input((N,))
    for step in range(3):
        x = keras.layers.add([x, keras.layers.Dense(N, "tanh", use_bias=False, name=f"step_{step}")(x)])
    return keras.Model(inputs, x)


def wired_nested() -> Any:
    body = wired(keras.Input((N,)), keras.layers.Dense(U, "relu"))
    return wired(keras.Input((N,)), body, keras.layers.Dense(2))


def wired_flat() -> Any:
    return wired(keras.Input((N,)), keras.layers.Dense(U, "relu"), keras.layers.Dense(2))


def wired_leaky(slope: float) -> Any:
    return wired(keras.Input((N,)), keras.layers.Dense(U), keras.layers.LeakyReLU(slope))
