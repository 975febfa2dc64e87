# mypy: allow-subclassing-any
"""Numbers as how far they fill each of their bins, in each style.  B batch, F features, K bins, D width.

features_BF float32 -> vectors_BX.  With a feature's edges b_0 <= ... <= b_K, bin k becomes (x - b_{k-1}) / (b_k -
b_{k-1}), cut below at 0 except in the first bin and above at 1 except in the last: the piecewise linear encoding of
Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning", arXiv:2203.05556,
with their quantile bins.  Where quantiles coincide a feature has fewer bins, and a constant one has none: X is the
number of bins that have a width, feature after feature, and there are no weights.

With a width D, X = F D: feature f becomes relu(e_f W_f + b_f) of its encoding e_f, the paper's Q-LR.  W and b are drawn
uniformly from -l to l with l = 1/sqrt(K).
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.errors import ConfigError
from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.view import View

Edges = Sequence[Sequence[float]]  # K+1 a feature, in ascending order; some may coincide
Matrix = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class PiecewiseLinearSpec:
    """F numbers in; the filling of their bins out, or F vectors of width D made of it."""

    edges: tuple[tuple[float, ...], ...]
    bins: int = 8
    width: int = 0
    seed: int = 0


def scales_FK(edges: Edges) -> Matrix:
    """What the distance to a bin's left edge is multiplied with: one over its width, 0 for a bin without."""
    width_FK = np.diff(np.array(edges))
    return np.divide(1.0, width_FK, out=np.zeros_like(width_FK), where=width_FK > 0)


def limits_FK(edges: Edges) -> tuple[Matrix, Matrix]:
    """The least and the most that a bin's filling can be."""
    real_FK = scales_FK(edges) > 0
    first_FK = real_FK & (np.cumsum(real_FK, axis=1) == 1)
    last_FK = real_FK & (np.cumsum(real_FK[:, ::-1], axis=1)[:, ::-1] == 1)
    return np.where(first_FK, -np.inf, 0.0), np.where(last_FK, np.inf, 1.0)


def real_X(edges: Edges) -> list[int]:
    """Which of the F K bins have a width."""
    found: list[int] = np.flatnonzero(scales_FK(edges)).tolist()
    return found


def initializers(edges: Edges, seed: int) -> tuple[Any, Any]:
    """Of kernel and bias."""
    limit = 1 / math.sqrt(len(edges[0]) - 1)
    kernel, bias = (keras.initializers.RandomUniform(-limit, limit, seed=each) for each in seeds(seed, 2))
    return kernel, bias


@keras.saving.register_keras_serializable("layerparity")
class PiecewiseLinear(keras.layers.Layer):
    """Encodes with fixed edges, and with a width maps each feature's encoding by itself."""

    def __init__(self, *, edges: Edges, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.edges, self.width, self.seed = [list(each) for each in edges], width, seed

    def build(self, input_shape: Any) -> None:
        if self.width:
            kernel, bias = initializers(self.edges, self.seed)
            shape = (*scales_FK(self.edges).shape, self.width)
            self.kernel_FKD = self.add_weight(name="kernel", shape=shape, initializer=kernel)
            self.bias_FD = self.add_weight(name="bias", shape=(shape[0], self.width), initializer=bias)
        super().build(input_shape)

    def call(self, features_BF: Any) -> Any:
        x_BF1 = tf.cast(features_BF, self.compute_dtype)[..., tf.newaxis]
        left_FK, scale_FK, low_FK, high_FK = (
            tf.constant(each, self.compute_dtype)
            for each in (np.array(self.edges)[:, :-1], scales_FK(self.edges), *limits_FK(self.edges))
        )
        filled_BFK = tf.clip_by_value((x_BF1 - left_FK) * scale_FK, low_FK, high_FK)
        if self.width:
            vectors_BFD = tf.nn.relu(tf.einsum("bfk,fkd->bfd", filled_BFK, self.kernel_FKD) + self.bias_FD)
            return tf.reshape(vectors_BFD, (-1, len(self.edges) * self.width))
        return tf.gather(tf.reshape(filled_BFK, (-1, left_FK.shape[0] * left_FK.shape[1])), real_X(self.edges), axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * self.width or len(real_X(self.edges)))

    def get_config(self) -> dict[str, Any]:
        own = {"edges": [list(each) for each in self.edges], "width": self.width, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("layerparity")
class Fill(keras.layers.Layer):
    """Cuts positions_BKF off where bins begin and end, the outermost ones excepted."""

    def __init__(self, *, edges: Edges, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.edges = [list(each) for each in edges]

    def call(self, positions_BKF: Any) -> Any:
        low_KF, high_KF = (tf.constant(each.T, positions_BKF.dtype) for each in limits_FK(self.edges))
        return tf.minimum(tf.maximum(positions_BKF, low_KF), high_KF)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "edges": [list(each) for each in self.edges]}


@keras.saving.register_keras_serializable("layerparity")
class Columns(keras.layers.Layer):
    """The named columns of a matrix, in that order."""

    def __init__(self, *, columns: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = list(columns)

    def call(self, vectors_BX: Any) -> Any:
        return tf.gather(vectors_BX, self.columns, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], len(self.columns))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "columns": list(self.columns)}


def as_class(spec: PiecewiseLinearSpec) -> Any:
    """A Layer subclass that holds the edges."""
    features_BF = keras.Input((len(spec.edges),))
    encoding = PiecewiseLinear(edges=spec.edges, width=spec.width, seed=spec.seed, name="encoding")
    return keras.Model(features_BF, encoding(features_BF))


def as_functional(spec: PiecewiseLinearSpec) -> Any:
    """Every number repeated for its bins, moved and scaled by Rescaling, cut by Fill; with a width, EinsumDense."""
    layers = keras.layers
    features_BF = keras.Input((len(spec.edges),))
    left_KF = np.array(spec.edges)[:, :-1].T
    x_BKF = layers.RepeatVector(len(left_KF))(features_BF)
    distance_BKF = layers.Rescaling(1.0, offset=(-left_KF).tolist())(x_BKF)
    position_BKF = layers.Rescaling(scales_FK(spec.edges).T.tolist())(distance_BKF)
    filled_BFK = layers.Permute((2, 1))(Fill(edges=spec.edges)(position_BKF))
    if not spec.width:
        return keras.Model(features_BF, Columns(columns=real_X(spec.edges))(layers.Flatten()(filled_BFK)))
    kernel, bias = initializers(spec.edges, spec.seed)
    linear = layers.EinsumDense(
        "bfk,fkd->bfd",
        (len(spec.edges), spec.width),
        bias_axes="fd",
        activation="relu",
        kernel_initializer=kernel,
        bias_initializer=bias,
        name="linear",
    )
    return keras.Model(features_BF, layers.Flatten()(linear(filled_BFK)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> PiecewiseLinearSpec:
    """Edges at the quantiles of the training data, whatever the seed, in its precision.  Options: bins, width.

    Raises ConfigError where every feature is constant.
    """
    spec: PiecewiseLinearSpec = make_spec(PiecewiseLinearSpec, options, edges=(), seed=seed)
    edges_KF = np.quantile(seen.examples.astype(np.float64), np.linspace(0, 1, spec.bins + 1), axis=0)
    edges = tuple(map(tuple, edges_KF.T.astype(np.float32).tolist()))
    if not real_X(edges):
        raise ConfigError("data", "every feature is constant, so there are no bins", "use data whose features vary")
    return dataclasses.replace(spec, edges=edges)


FAMILY = Family(
    name="piecewise_linear",
    spec=PiecewiseLinearSpec,
    arms={"class": as_class, "functional": as_functional},
    code={
        "class": (PiecewiseLinear, scales_FK, limits_FK, real_X, initializers),
        "functional": (Fill, Columns, scales_FK, limits_FK, real_X, initializers),
    },
    roles={"kernel": ("kernel",), "bias": ("bias",)},
    spec_for=spec_for,
)
