# mypy: allow-subclassing-any
"""Tokens that know their place, in each style.  B batch, T tokens, V vocabulary, D width.

ids_BT int32 in 0..V-1 -> vectors_BX, X = T D: sqrt(D) times the row of each token plus the vector of its place t.
A place's vector is trained (learned; Gehring et al. 2017, "Convolutional Sequence to Sequence Learning",
arXiv:1705.03122) or sin(t / 10000^(2i/D)), cos(t / 10000^(2i/D)) at widths 2i, 2i+1 (sinusoidal; Vaswani et al. 2017,
"Attention Is All You Need", arXiv:1706.03762, which has the sqrt(D) too).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.rows import rows
from pipeline.layers.view import View

Positions = Literal["learned", "sinusoidal"]


@dataclass(frozen=True)
class PositionalSpec:
    """T tokens of V kinds in, a vector of width D for each out."""

    tokens: int
    vocabulary: int
    width: int = 16
    positions: Positions = "learned"
    seed: int = 0


def sinusoid_TD(tokens: int, width: int) -> npt.NDArray[np.float64]:
    """A vector for each place."""
    widths_D = np.arange(width)
    angles_TD = np.arange(tokens)[:, np.newaxis] / 10000.0 ** (widths_D // 2 * 2 / width)
    return np.where(widths_D % 2 == 0, np.sin(angles_TD), np.cos(angles_TD))


@keras.saving.register_keras_serializable("layerparity")
class PositionalLookup(keras.layers.Layer):
    """Looks up, scales and adds the places."""

    def __init__(self, *, vocabulary: int, width: int, positions: Positions, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.positions, self.seed = vocabulary, width, positions, seed

    def build(self, input_shape: Any) -> None:
        table, places = (keras.initializers.RandomUniform(seed=seed) for seed in seeds(self.seed, 2))
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=table)
        if self.positions == "learned":
            shape = (input_shape[-1], self.width)
            self.positions_TD = self.add_weight(name="positions", shape=shape, initializer=places)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        tokens = ids_BT.shape[1]
        rows_BTD = rows(self.table_VD, ids_BT, self.compute_dtype) * math.sqrt(self.width)
        if self.positions == "learned":
            rows_BTD += self.positions_TD
        else:
            rows_BTD += tf.constant(sinusoid_TD(tokens, self.width), rows_BTD.dtype)
        return tf.reshape(rows_BTD, (-1, tokens * self.width))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"vocabulary": self.vocabulary, "width": self.width, "positions": self.positions, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("layerparity")
class AddPositions(keras.layers.Layer):
    """rows_BTD -> rows_BTD plus the vector of each place."""

    def __init__(self, *, positions: Positions, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.positions, self.seed = positions, seed

    def build(self, input_shape: Any) -> None:
        if self.positions == "learned":
            uniform = keras.initializers.RandomUniform(seed=self.seed)
            self.positions_TD = self.add_weight(name="positions", shape=tuple(input_shape[1:]), initializer=uniform)
        super().build(input_shape)

    def call(self, rows_BTD: Any) -> Any:
        if self.positions == "learned":
            return rows_BTD + self.positions_TD
        return rows_BTD + tf.constant(sinusoid_TD(*rows_BTD.shape[1:]), rows_BTD.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "positions": self.positions, "seed": self.seed}


def as_class(spec: PositionalSpec) -> Any:
    """A Layer subclass over tf.gather."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    sizes = {"vocabulary": spec.vocabulary, "width": spec.width}
    lookup = PositionalLookup(**sizes, positions=spec.positions, seed=spec.seed, name="lookup")
    return keras.Model(ids_BT, lookup(ids_BT))


def as_functional(spec: PositionalSpec) -> Any:
    """Embedding, Rescaling, AddPositions and Flatten, wired."""
    layers = keras.layers
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    first, second = seeds(spec.seed, 2)
    uniform = keras.initializers.RandomUniform(seed=first)
    table = layers.Embedding(spec.vocabulary, spec.width, embeddings_initializer=uniform, name="table")
    rows_BTD = layers.Rescaling(math.sqrt(spec.width))(table(ids_BT))
    places = AddPositions(positions=spec.positions, seed=second, name="places")
    return keras.Model(ids_BT, layers.Flatten()(places(rows_BTD)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> PositionalSpec:
    """As many tokens and ids as the data has.  Options: width, positions."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "seed": seed}
    spec: PositionalSpec = make_spec(PositionalSpec, options, **known)
    return spec


FAMILY = Family(
    name="positional",
    spec=PositionalSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (PositionalLookup, sinusoid_TD), "functional": (AddPositions, sinusoid_TD)},
    roles={"table": ("table", "embeddings"), "positions": ("positions",)},
    spec_for=spec_for,
)
