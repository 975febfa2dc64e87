# mypy: allow-subclassing-any
"""Numbers as vectors, each by a line of its own, in each style.  B batch, F features, D width.

features_BF float32 -> vectors_BX, X = F D.  Feature f becomes relu(x_f w_f + b_f), w_f and b_f of width D: LR of
Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning",
arXiv:2203.05556.  w and b are drawn uniformly from -l to l with l = 1/sqrt(D).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.view import View


@dataclass(frozen=True)
class LinearSpec:
    """F numbers in, F vectors of width D out."""

    features: int
    width: int = 8
    seed: int = 0


def initializers(width: int, seed: int) -> tuple[Any, Any]:
    """Of kernel and bias."""
    limit = 1 / math.sqrt(width)
    kernel, bias = (keras.initializers.RandomUniform(-limit, limit, seed=each) for each in seeds(seed, 2))
    return kernel, bias


@keras.saving.register_keras_serializable("layerparity")
class LinearEmbedding(keras.layers.Layer):
    """Scales, moves and cuts every number D times."""

    def __init__(self, *, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.seed = width, seed

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1], self.width)
        kernel, bias = initializers(self.width, self.seed)
        self.kernel_FD = self.add_weight(name="kernel", shape=shape, initializer=kernel)
        self.bias_FD = self.add_weight(name="bias", shape=shape, initializer=bias)
        super().build(input_shape)

    def call(self, features_BF: Any) -> Any:
        linear_BFD = features_BF[..., tf.newaxis] * self.kernel_FD + self.bias_FD
        return tf.reshape(tf.nn.relu(linear_BFD), (-1, features_BF.shape[1] * self.width))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * self.width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "width": self.width, "seed": self.seed}


def as_class(spec: LinearSpec) -> Any:
    """A Layer subclass with two weights."""
    features_BF = keras.Input((spec.features,))
    layer = LinearEmbedding(width=spec.width, seed=spec.seed, name="linear")
    return keras.Model(features_BF, layer(features_BF))


def as_functional(spec: LinearSpec) -> Any:
    """EinsumDense and Flatten, wired."""
    features_BF = keras.Input((spec.features,))
    kernel, bias = initializers(spec.width, spec.seed)
    linear = keras.layers.EinsumDense(
        "bf,fd->bfd",
        (spec.features, spec.width),
        bias_axes="fd",
        activation="relu",
        kernel_initializer=kernel,
        bias_initializer=bias,
        name="linear",
    )
    return keras.Model(features_BF, keras.layers.Flatten()(linear(features_BF)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> LinearSpec:
    """As many features as the data has.  Option: width."""
    spec: LinearSpec = make_spec(LinearSpec, options, features=seen.shape[0], seed=seed)
    return spec


FAMILY = Family(
    name="linear",
    spec=LinearSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (LinearEmbedding, initializers), "functional": (initializers,)},
    roles={"kernel": ("kernel",), "bias": ("bias",)},
    spec_for=spec_for,
)
