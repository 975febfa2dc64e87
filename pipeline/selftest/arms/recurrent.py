# mypy: allow-subclassing-any
"""Recurrences and carried states.  B batch, T steps (4), V vocabulary (9), D width (3).

ids_BT int32 -> y_BD; the steps come from a table, so that no mask is met.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, ids_input, register

T, V, D = 4, 9, 3


def _steps(ids_BT: Any, table: Any, kernel: Any, recurrent: Any, bias: Any, *, squash: Any = tf.tanh) -> list[Any]:
    x = tf.gather(table, ids_BT)
    states = [tf.zeros_like(x[:, 0])]
    for step in range(T):
        states.append(squash(tf.matmul(x[:, step], kernel) + tf.matmul(states[-1], recurrent) + bias))
    return states[1:]


def last_state(ids_BT: Any, *cell: Any) -> Any:
    return _steps(ids_BT, *cell)[-1]


def all_states(ids_BT: Any, *cell: Any) -> Any:
    return tf.stack(_steps(ids_BT, *cell), axis=1)


def mean_state(ids_BT: Any, *cell: Any) -> Any:
    return tf.reduce_mean(tf.stack(_steps(ids_BT, *cell), axis=1), axis=1)


def last_state_sigmoid(ids_BT: Any, *cell: Any) -> Any:
    return _steps(ids_BT, *cell, squash=tf.sigmoid)[-1]


def decayed_by_loop(ids_BT: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BT)
    state = tf.zeros_like(x[:, 0])
    for step in range(T):
        state = 0.5 * state + x[:, step]
    return state


def decayed_at_once(ids_BT: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return tf.einsum("btd,t->bd", x, tf.constant([0.125, 0.25, 0.5, 1.0], x.dtype))


def decayed_faster(ids_BT: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return tf.einsum("btd,t->bd", x, tf.constant([0.064, 0.16, 0.4, 1.0], x.dtype))


def without_gradient_through_time(ids_BT: Any, table: Any) -> Any:
    x = tf.gather(table, ids_BT)
    return x[:, -1] + tf.stop_gradient(decayed_by_loop(ids_BT, table) - x[:, -1])


@register
class Carry(Arm):
    """y = x + state; the state of one row then becomes keep * state + the batch's mean, when `moves` allows it.

    `moves` is "always", "training" or "never"; `spelling` adds to the state or assigns it.
    """

    SETTINGS: ClassVar[Mapping[str, Any]] = {"keep": 0.5, "moves": "always", "spelling": "assign"}

    def build(self, input_shape: Any) -> None:
        self.state = self.add_weight(name="state", shape=(input_shape[-1],), initializer="zeros", trainable=False)

    def call(self, x: Any, training: bool = False) -> Any:
        before = tf.identity(tf.convert_to_tensor(self.state))
        if self.moves == "always" or (self.moves == "training" and training):
            mean = tf.cast(tf.reduce_mean(x, axis=0), before.dtype)
            if self.spelling == "assign":
                self.state.assign(self.keep * before + mean)
            else:
                self.state.assign_add(mean - (1 - self.keep) * before)
        return x + tf.cast(before, x.dtype)


def wired_rnn(**options: Any) -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.layers.SimpleRNN(D, **options)(keras.layers.Embedding(V, D)(inputs)))


def wired_cell() -> Any:
    inputs = ids_input(T)
    recurrence = keras.layers.RNN(keras.layers.SimpleRNNCell(D))
    return keras.Model(inputs, recurrence(keras.layers.Embedding(V, D)(inputs)))


def wired_gru(reset_after: bool) -> Any:
    inputs = ids_input(T)
    return keras.Model(inputs, keras.layers.GRU(D, reset_after=reset_after)(keras.layers.Embedding(V, D)(inputs)))
