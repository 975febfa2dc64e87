# mypy: allow-subclassing-any
"""A dense projection with a relu, in each style.  B batch, F features, U units.

features_BF float32 -> vectors_BU.  The kernel is drawn from a normal of sd .05, the bias starts at 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.view import View


@dataclass(frozen=True)
class ProjectionSpec:
    """F features in, U units out."""

    features: int
    units: int = 64
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Projection(keras.layers.Layer):
    """relu(features W + b)."""

    def __init__(self, *, units: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.seed = units, seed

    def build(self, input_shape: Any) -> None:
        normal = keras.initializers.RandomNormal(seed=self.seed)
        self.kernel_FU = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer=normal)
        self.bias_U = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        super().build(input_shape)

    def call(self, features_BF: Any) -> Any:
        return tf.nn.relu(tf.matmul(features_BF, self.kernel_FU) + self.bias_U)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "seed": self.seed}


def as_class(spec: ProjectionSpec) -> Any:
    """A Layer subclass that makes its weights in `build`."""
    features_BF = keras.Input((spec.features,))
    return keras.Model(features_BF, Projection(units=spec.units, seed=spec.seed, name="projection")(features_BF))


def as_functional(spec: ProjectionSpec) -> Any:
    """Dense and Activation, wired."""
    features_BF = keras.Input((spec.features,))
    normal = keras.initializers.RandomNormal(seed=spec.seed)
    linear_BU = keras.layers.Dense(spec.units, kernel_initializer=normal, name="linear")(features_BF)
    return keras.Model(features_BF, keras.layers.Activation("relu")(linear_BU))


def as_lambda(spec: ProjectionSpec) -> Any:
    """A Dense captured by a Lambda's closure: the trap.

    Neither frontend tracks the captured weights: the model has none, so they are not trained, not saved and not
    counted.  Nothing is raised; Keras 3 (3.15) says nothing, tf_keras (2.21) logs a warning at build.
    """
    features_BF = keras.Input((spec.features,))
    normal = keras.initializers.RandomNormal(seed=spec.seed)
    dense = keras.layers.Dense(spec.units, kernel_initializer=normal, name="captured")
    dense.build((None, spec.features))
    return keras.Model(features_BF, keras.layers.Lambda(lambda x_BF: tf.nn.relu(dense(x_BF)))(features_BF))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> ProjectionSpec:
    """As many features as the data has.  Option: units."""
    spec: ProjectionSpec = make_spec(ProjectionSpec, options, features=seen.shape[0], seed=seed)
    return spec


FAMILY = Family(
    name="projection",
    spec=ProjectionSpec,
    arms={"class": as_class, "functional": as_functional, "lambda": as_lambda},
    code={"class": (Projection,)},
    roles={"kernel": ("kernel",), "bias": ("bias",)},
    spec_for=spec_for,
)
