# mypy: allow-subclassing-any
"""Losses, tracked weights, and what comes back from a file.  B batch, N inputs (6), U units (4).

x_BN float32 -> y_BU float32.  Where an arm comes back changed, it does so without an error.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, register, wired

N, U = 6, 4


@register
class Scaled(Arm):
    """scale * activation(x W), with an L2 regulariser where `penalty` is not 0."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"scale": 1.0, "activation": "tanh", "penalty": 0.0}

    def build(self, input_shape: Any) -> None:
        penalty = keras.regularizers.L2(self.penalty) if self.penalty else None
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], U), initializer="random_normal", regularizer=penalty
        )

    def call(self, x: Any) -> Any:
        return self.scale * keras.activations.get(self.activation)(tf.matmul(x, self.kernel))


@register
class ForgetsScale(Scaled):
    """Scaled, whose config lacks the scale."""

    def get_config(self) -> dict[str, Any]:
        return {name: value for name, value in super().get_config().items() if name != "scale"}


@register
class ForgetsActivation(Scaled):
    """Scaled, whose config lacks the activation."""

    def get_config(self) -> dict[str, Any]:
        return {name: value for name, value in super().get_config().items() if name != "activation"}


@register
class ForgetsTrainable(Scaled):
    """Scaled, whose config has its own settings only and so not whether it trains."""

    def get_config(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.SETTINGS}


@register
class SavesNothing(Scaled):
    """Scaled, which writes no weight into a file and asks none back."""

    def save_own_variables(self, store: Any) -> None:
        """Leaves the store empty."""

    def load_own_variables(self, store: Any) -> None:
        """Keeps the weights as they were drawn."""


@register
class Full32(Scaled):
    """Scaled, whose output is float32 under any dtype policy."""

    def call(self, x: Any) -> Any:
        return tf.cast(super().call(x), tf.float32)


@register
class Masked(Arm):
    """x W by step; the mask that comes in is handed on, or dropped without the warning of a layer that knows none."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"hand_on": True}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], U), initializer="random_normal")

    def call(self, x: Any) -> Any:
        return tf.matmul(x, self.kernel)

    def compute_mask(self, _inputs: Any, previous_mask: Any) -> Any:
        return previous_mask if self.hand_on else None


class Unconfigured(keras.layers.Layer):
    """Scaled by 2.5, given its activation as a function, without a config and not registered."""

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activation

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], U), initializer="random_normal")

    def call(self, x: Any) -> Any:
        return 2.5 * self.activation(tf.matmul(x, self.kernel))


@register
class HiddenVariable(Arm):
    """tanh(x W) with a W that Keras does not know of."""

    def build(self, input_shape: Any) -> None:
        self.hidden = [tf.Variable(tf.fill((input_shape[-1], U), 0.1), trainable=True)]

    def call(self, x: Any) -> Any:
        return tf.tanh(tf.matmul(x, self.hidden[0]))


@register
class Stack(Arm):
    """Projections kept in a list, one after another."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"depth": 3}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps = [keras.layers.Dense(N, "tanh") for _ in range(self.depth)]

    def build(self, input_shape: Any) -> None:
        for step in self.steps:
            step.build(input_shape)

    def call(self, x: Any) -> Any:
        for step in self.steps:
            x = step(x)
        return x


def wired_scaled(scale: float = 1.0, penalty: float = 0.0) -> Any:
    penalise = keras.regularizers.L2(penalty) if penalty else None
    dense = keras.layers.Dense(U, "tanh", use_bias=False, kernel_regularizer=penalise)
    return wired(keras.Input((N,)), dense, keras.layers.Rescaling(scale))


def wired_stack() -> Any:
    return wired(keras.Input((N,)), *(keras.layers.Dense(N, "tanh", name=f"step_{step}") for step in range(3)))


def wired_capture() -> Any:
    captured = keras.layers.Dense(U, "tanh", use_bias=False)
    captured.build((None, N))
    return wired(keras.Input((N,)), keras.layers.Lambda(lambda x: captured(x), output_shape=(U,)))


def set_afterwards(kind: Any, **attributes: Any) -> Any:
    """A fresh `kind` with attributes that are set once it is made."""
    layer = kind()
    for name, value in attributes.items():
        setattr(layer, name, value)
    return layer


def project(x: Any, kernel: Any) -> Any:
    return tf.matmul(x, kernel)
