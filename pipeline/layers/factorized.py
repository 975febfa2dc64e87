# mypy: allow-subclassing-any
"""A table of low rank, in each style.  B batch, T tokens, V vocabulary, R rank, D width.

ids_BT int32 in 0..V-1 -> vectors_BD, the mean over the tokens of t[id] E: V R + R D numbers in place of V D.
Lan et al. 2020, "ALBERT: A Lite BERT for Self-supervised Learning of Language Representations", arXiv:1909.11942,
the factorised embedding parameterisation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.rows import rows
from pipeline.layers.view import View


@dataclass(frozen=True)
class FactorizedSpec:
    """T tokens of V kinds in, the mean of their rows of rank R, expanded to width D, out."""

    tokens: int
    vocabulary: int
    rank: int = 4
    width: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Factorized(keras.layers.Layer):
    """Averages before it expands, which is the same by linearity and takes T times fewer products."""

    def __init__(self, *, vocabulary: int, rank: int, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.rank, self.width, self.seed = vocabulary, rank, width, seed

    def build(self, input_shape: Any) -> None:
        table, expansion = seeds(self.seed, 2)
        uniform = keras.initializers.RandomUniform(seed=table)
        glorot = keras.initializers.GlorotUniform(seed=expansion)
        self.table_VR = self.add_weight(name="table", shape=(self.vocabulary, self.rank), initializer=uniform)
        self.expansion_RD = self.add_weight(name="expansion", shape=(self.rank, self.width), initializer=glorot)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        rows_BTR = rows(self.table_VR, ids_BT, self.compute_dtype)
        return tf.matmul(tf.reduce_mean(rows_BTR, axis=1), self.expansion_RD)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"vocabulary": self.vocabulary, "rank": self.rank, "width": self.width, "seed": self.seed}
        return {**super().get_config(), **own}


def as_class(spec: FactorizedSpec) -> Any:
    """A Layer subclass with two weights."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    sizes = {"vocabulary": spec.vocabulary, "rank": spec.rank, "width": spec.width}
    return keras.Model(ids_BT, Factorized(**sizes, seed=spec.seed, name="factorized")(ids_BT))


def as_functional(spec: FactorizedSpec) -> Any:
    """Embedding, Dense without bias and GlobalAveragePooling1D, wired."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    first, second = seeds(spec.seed, 2)
    uniform, glorot = keras.initializers.RandomUniform(seed=first), keras.initializers.GlorotUniform(seed=second)
    table = keras.layers.Embedding(spec.vocabulary, spec.rank, embeddings_initializer=uniform, name="table")
    expansion = keras.layers.Dense(spec.width, use_bias=False, kernel_initializer=glorot, name="expansion")
    return keras.Model(ids_BT, keras.layers.GlobalAveragePooling1D()(expansion(table(ids_BT))))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> FactorizedSpec:
    """As many tokens and ids as the data has.  Options: rank, width."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "seed": seed}
    spec: FactorizedSpec = make_spec(FactorizedSpec, options, **known)
    return spec


FAMILY = Family(
    name="factorized",
    spec=FactorizedSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Factorized,)},
    roles={"table": ("table", "embeddings"), "expansion": ("expansion", "expansion/kernel")},
    spec_for=spec_for,
)
