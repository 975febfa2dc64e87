# mypy: allow-subclassing-any
"""A state carried over time steps and from call to call, in each style.  B batch, T steps, F features, U units.

windows_BTF float32 -> vectors_BU = h_T, where h_t = tanh(x_t W + b + h_{t-1}) and h_0 is the carried state_U for
every row.  When training, state_U becomes the mean over the batch of h_T, without gradient; otherwise it stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.carry import STATE_OPTIONS, Carry
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.view import View


@dataclass(frozen=True)
class StatefulSpec:
    """T steps of F features in, U units of state out."""

    steps: int
    features: int
    units: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Stateful(keras.layers.Layer):
    """Accumulates projected steps in a state that outlives the call as a non-trainable weight."""

    state_options: ClassVar[Mapping[str, Any]] = STATE_OPTIONS

    def __init__(self, *, units: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.seed = units, seed

    def build(self, input_shape: Any) -> None:
        glorot = keras.initializers.GlorotUniform(seed=self.seed)
        self.kernel_FU = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer=glorot)
        self.bias_U = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        options = {"initializer": "zeros", "trainable": False, **self.state_options}
        self.state_U = self.add_weight(name="state", shape=(self.units,), **options)
        super().build(input_shape)

    def call(self, windows_BTF: Any, training: bool = False) -> Any:
        x_BTU = tf.nn.bias_add(tf.tensordot(windows_BTF, self.kernel_FU, 1), self.bias_U)
        h_BU = tf.tile(self.state_U[tf.newaxis], [tf.shape(windows_BTF)[0], 1])
        for t in range(windows_BTF.shape[1]):
            h_BU = tf.tanh(x_BTU[:, t] + h_BU)
        if training:
            mean_U = tf.reduce_mean(tf.cast(h_BU, self.variable_dtype), axis=0)
            self.state_U.assign(tf.stop_gradient(mean_U))
        return h_BU

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "seed": self.seed}


def as_class(spec: StatefulSpec) -> Any:
    """A Layer subclass that keeps its state in a weight."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    return keras.Model(windows_BTF, Stateful(units=spec.units, seed=spec.seed, name="stateful")(windows_BTF))


def pure_core(spec: StatefulSpec) -> Any:
    """(windows_BTF, state_BU) -> (vectors_BU, state_BU), of stock layers only: state explicit in and out."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    glorot = keras.initializers.GlorotUniform(seed=spec.seed)
    x_BTU = keras.layers.Dense(spec.units, kernel_initializer=glorot, name="step")(windows_BTF)
    # An Input is float32 whatever the dtype policy, and a float64 state would be rounded on its way in.
    state_BU = keras.Input((spec.units,), dtype=x_BTU.dtype)
    add, tanh, h_BU = keras.layers.Add(), keras.layers.Activation("tanh"), state_BU
    for t in range(spec.steps):
        h_BU = tanh(add([x_BTU[:, t], h_BU]))
    return keras.Model([windows_BTF, state_BU], [h_BU, h_BU])


def as_functional(spec: StatefulSpec) -> Any:
    """The pure core, its state threaded by a generic carrier."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    return keras.Model(windows_BTF, Carry(core=pure_core(spec), name="carry")(windows_BTF))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> StatefulSpec:
    """As many steps and features as the data has.  Option: units."""
    steps, features = seen.shape
    spec: StatefulSpec = make_spec(StatefulSpec, options, steps=steps, features=features, seed=seed)
    return spec


FAMILY = Family(
    name="stateful",
    spec=StatefulSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Stateful,), "functional": (pure_core, Carry)},
    roles={"kernel": ("kernel",), "bias": ("bias",), "state": ("state",)},
    spec_for=spec_for,
)
