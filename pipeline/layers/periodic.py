# mypy: allow-subclassing-any
"""Numbers as waves of trained frequencies, in each style.  B batch, F features, K frequencies, D width.

features_BF float32 -> vectors_BX, X = F D.  Feature f becomes relu([sin v, cos v] W_f + b_f) with v = 2 pi c_f x_f and
c_f a row of K trained frequencies: PLR of Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features
in Tabular Deep Learning", arXiv:2203.05556.  c is drawn from a normal of sd sigma, W and b uniformly, from -l to l with
l = 1/sqrt(2K).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.view import View
from pipeline.layers.waves import Cosine, Sine, Turns


@dataclass(frozen=True)
class PeriodicSpec:
    """F numbers in, F vectors of width D out."""

    features: int
    frequencies: int = 16
    width: int = 8
    sigma: float = 0.1
    seed: int = 0


def initializers(frequencies: int, sigma: float, seed: int) -> tuple[Any, Any, Any]:
    """Of frequencies, kernel and bias."""
    normal, *uniform = seeds(seed, 3)
    limit = 1 / math.sqrt(2 * frequencies)
    kernel, bias = (keras.initializers.RandomUniform(-limit, limit, seed=each) for each in uniform)
    return keras.initializers.RandomNormal(stddev=sigma, seed=normal), kernel, bias


@keras.saving.register_keras_serializable("layerparity")
class Periodic(keras.layers.Layer):
    """Waves, a linear map of each feature's own, relu."""

    def __init__(self, *, frequencies: int, width: int, sigma: float, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.frequencies, self.width, self.sigma, self.seed = frequencies, width, sigma, seed

    def build(self, input_shape: Any) -> None:
        features, waves = input_shape[-1], self.frequencies
        normal, kernel, bias = initializers(waves, self.sigma, self.seed)
        self.frequencies_FK = self.add_weight(name="frequencies", shape=(features, waves), initializer=normal)
        # Y: the 2K waves of a feature
        self.kernel_FYD = self.add_weight(name="kernel", shape=(features, 2 * waves, self.width), initializer=kernel)
        self.bias_FD = self.add_weight(name="bias", shape=(features, self.width), initializer=bias)
        super().build(input_shape)

    def call(self, features_BF: Any) -> Any:
        v_BFK = features_BF[..., tf.newaxis] * self.frequencies_FK * (2 * math.pi)
        waves_BFY = tf.concat([tf.sin(v_BFK), tf.cos(v_BFK)], axis=-1)
        linear_BFD = tf.einsum("bfy,fyd->bfd", waves_BFY, self.kernel_FYD) + self.bias_FD
        return tf.reshape(tf.nn.relu(linear_BFD), (-1, features_BF.shape[1] * self.width))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"frequencies": self.frequencies, "width": self.width, "sigma": self.sigma, "seed": self.seed}
        return {**super().get_config(), **own}


def as_class(spec: PeriodicSpec) -> Any:
    """A Layer subclass with three weights."""
    features_BF = keras.Input((spec.features,))
    sizes = {"frequencies": spec.frequencies, "width": spec.width}
    periodic = Periodic(**sizes, sigma=spec.sigma, seed=spec.seed, name="periodic")
    return keras.Model(features_BF, periodic(features_BF))


def as_functional(spec: PeriodicSpec) -> Any:
    """Two EinsumDense with the waves between them."""
    layers, waves = keras.layers, spec.frequencies
    features_BF = keras.Input((spec.features,))
    normal, kernel, bias = initializers(waves, spec.sigma, spec.seed)
    shape = (spec.features, waves)
    scaled = layers.EinsumDense("bf,fk->bfk", shape, kernel_initializer=normal, name="frequencies")
    v_BFK = Turns()(scaled(features_BF))
    waves_BFY = layers.Concatenate()([Sine()(v_BFK), Cosine()(v_BFK)])
    linear = layers.EinsumDense(
        "bfy,fyd->bfd",
        (spec.features, spec.width),
        bias_axes="fd",
        activation="relu",
        kernel_initializer=kernel,
        bias_initializer=bias,
        name="linear",
    )
    return keras.Model(features_BF, layers.Flatten()(linear(waves_BFY)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> PeriodicSpec:
    """As many features as the data has.  Options: frequencies, width, sigma."""
    spec: PeriodicSpec = make_spec(PeriodicSpec, options, features=seen.shape[0], seed=seed)
    return spec


FAMILY = Family(
    name="periodic",
    spec=PeriodicSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Periodic, initializers), "functional": (initializers, Turns, Sine, Cosine)},
    roles={"frequencies": ("frequencies", "frequencies/kernel"), "kernel": ("kernel",), "bias": ("bias",)},
    spec_for=spec_for,
)
