# mypy: allow-subclassing-any
"""Numbers as how far they fill each of K bins, in each style.  B batch, F features, K bins.

features_BF float32 -> vectors_BX, X = F K.  With a feature's edges b_0 <= ... <= b_K, bin k becomes (x - b_{k-1}) /
(b_k - b_{k-1}), cut below at 0 except in the first bin and above at 1 except in the last: the piecewise linear encoding
of Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning",
arXiv:2203.05556, with their quantile bins.  It has no weights.
NOTE[DIFF] Where quantiles coincide the paper has fewer bins; here a bin of no width stays and gives 0, and the first
and last of the others count as first and last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.records import Dataset

Edges = Sequence[Sequence[float]]  # K+1 a feature, in ascending order
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PiecewiseLinearSpec:
    """F numbers in, F times the filling of K bins out."""

    edges: tuple[tuple[float, ...], ...]
    bins: int = 8


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


@keras.saving.register_keras_serializable("layerparity")
class PiecewiseLinear(keras.layers.Layer):
    """Encodes with fixed edges."""

    def __init__(self, *, edges: Edges, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.edges = [list(each) for each in edges]

    def call(self, features_BF: Any) -> Any:
        x_BF1 = tf.cast(features_BF, self.compute_dtype)[..., tf.newaxis]
        left_FK, scale_FK, low_FK, high_FK = (
            tf.constant(each, self.compute_dtype)
            for each in (np.array(self.edges)[:, :-1], scales_FK(self.edges), *limits_FK(self.edges))
        )
        filled_BFK = tf.clip_by_value((x_BF1 - left_FK) * scale_FK, low_FK, high_FK)
        return tf.reshape(filled_BFK, (-1, scale_FK.shape[0] * scale_FK.shape[1]))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * (len(self.edges[0]) - 1))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "edges": [list(each) for each in self.edges]}


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


def as_class(spec: PiecewiseLinearSpec) -> Any:
    """A Layer subclass that holds the edges."""
    features_BF = keras.Input((len(spec.edges),))
    return keras.Model(features_BF, PiecewiseLinear(edges=spec.edges, name="encoding")(features_BF))


def as_functional(spec: PiecewiseLinearSpec) -> Any:
    """Every number repeated for its bins, moved and scaled by Rescaling, cut by Fill."""
    layers = keras.layers
    features_BF = keras.Input((len(spec.edges),))
    left_KF = np.array(spec.edges)[:, :-1].T
    x_BKF = layers.RepeatVector(len(left_KF))(features_BF)
    distance_BKF = layers.Rescaling(1.0, offset=(-left_KF).tolist())(x_BKF)
    position_BKF = layers.Rescaling(scales_FK(spec.edges).T.tolist())(distance_BKF)
    filled_BFK = layers.Permute((2, 1))(Fill(edges=spec.edges)(position_BKF))
    return keras.Model(features_BF, layers.Flatten()(filled_BFK))


def spec_for(dataset: Dataset, options: Mapping[str, Option], _seed: int) -> PiecewiseLinearSpec:
    """Edges at the quantiles of the training data, whatever the seed.  Option: bins."""
    bins = make_spec(PiecewiseLinearSpec, options, edges=()).bins
    edges_KF = np.quantile(dataset.train_inputs.astype(np.float64), np.linspace(0, 1, bins + 1), axis=0)
    return PiecewiseLinearSpec(tuple(map(tuple, edges_KF.T.tolist())), bins)


FAMILY = Family(
    name="piecewise_linear",
    spec=PiecewiseLinearSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (PiecewiseLinear, scales_FK, limits_FK), "functional": (Fill, scales_FK, limits_FK)},
    roles={},
    spec_for=spec_for,
)
