# mypy: allow-subclassing-any
"""Random Fourier features, in each style.  B batch, F features, U waves.

features_BF float32 -> vectors_BU = sqrt(2/U) cos(x W + b), W drawn from a normal of sd 1/bandwidth, b uniformly from
0..2 pi, neither trained: the inner product of two vectors approaches the Gaussian kernel of that bandwidth as U grows.
Rahimi and Recht 2007, "Random Features for Large-Scale Kernel Machines".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.view import View
from pipeline.layers.waves import Cosine


@dataclass(frozen=True)
class FourierSpec:
    """F features in, U waves out."""

    features: int
    units: int = 64
    bandwidth: float = 1.0
    seed: int = 0


def initializers(bandwidth: float, seed: int) -> tuple[Any, Any]:
    """Of frequencies and phases."""
    first, second = seeds(seed, 2)
    return (
        keras.initializers.RandomNormal(stddev=1 / bandwidth, seed=first),
        keras.initializers.RandomUniform(0.0, 2 * math.pi, seed=second),
    )


@keras.saving.register_keras_serializable("layerparity")
class Fourier(keras.layers.Layer):
    """Keeps what it drew as non-trainable weights, so that it is saved."""

    def __init__(self, *, units: int, bandwidth: float, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.bandwidth, self.seed = units, bandwidth, seed

    def build(self, input_shape: Any) -> None:
        normal, uniform = initializers(self.bandwidth, self.seed)
        shape = (input_shape[-1], self.units)
        self.frequencies_FU = self.add_weight(name="frequencies", shape=shape, initializer=normal, trainable=False)
        self.phases_U = self.add_weight(name="phases", shape=(self.units,), initializer=uniform, trainable=False)
        super().build(input_shape)

    def call(self, features_BF: Any) -> Any:
        waves_BU = tf.cos(tf.matmul(features_BF, self.frequencies_FU) + self.phases_U)
        return waves_BU * math.sqrt(2 / self.units)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "bandwidth": self.bandwidth, "seed": self.seed}


def as_class(spec: FourierSpec) -> Any:
    """A Layer subclass with two weights that are not trained."""
    features_BF = keras.Input((spec.features,))
    layer = Fourier(units=spec.units, bandwidth=spec.bandwidth, seed=spec.seed, name="fourier")
    return keras.Model(features_BF, layer(features_BF))


def as_functional(spec: FourierSpec) -> Any:
    """A frozen Dense, Cosine and Rescaling, wired."""
    features_BF = keras.Input((spec.features,))
    normal, uniform = initializers(spec.bandwidth, spec.seed)
    waves = keras.layers.Dense(
        spec.units,
        kernel_initializer=normal,
        bias_initializer=uniform,
        trainable=False,
        name="waves",
    )
    scale = keras.layers.Rescaling(math.sqrt(2 / spec.units))
    return keras.Model(features_BF, scale(Cosine()(waves(features_BF))))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> FourierSpec:
    """As many features as the data has.  Options: units, bandwidth."""
    spec: FourierSpec = make_spec(FourierSpec, options, features=seen.shape[0], seed=seed)
    return spec


FAMILY = Family(
    name="fourier",
    spec=FourierSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Fourier, initializers), "functional": (initializers, Cosine)},
    roles={"frequencies": ("frequencies", "waves/kernel"), "phases": ("phases", "waves/bias")},
    spec_for=spec_for,
)
