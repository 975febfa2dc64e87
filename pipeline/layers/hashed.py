# mypy: allow-subclassing-any
"""Ids hashed several times into one small table, in each style.  B batch, T tokens, K hashes, M buckets, D width.

ids_BT int32 of 0 or more -> vectors_BD, the mean over the tokens of t[h_1(id)] + ... + t[h_K(id)], a Bloom embedding:
Serra and Karatzoglou 2017, "Getting Deep Recommenders Fit", arXiv:1706.03993.  The hashes are those of Carter and
Wegman 1979, h_k(id) = ((a_k id + b_k) mod 2^31-1) mod M, in 64 bits; a_k and b_k are fixed, whatever the seed, so that
an id has the same rows in every process and version.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.rows import rows
from pipeline.layers.view import View

PRIME = 2**31 - 1


def coefficients(hashes: int) -> list[tuple[int, int]]:
    """(a_k in 1..p-1, b_k in 0..p-1) of the first hashes."""
    digests = [hashlib.sha256(f"layerparity {k}".encode()).digest() for k in range(hashes)]
    return [
        (1 + int.from_bytes(each[:8], "big") % (PRIME - 1), int.from_bytes(each[8:16], "big") % PRIME)
        for each in digests
    ]


def buckets_BTK(ids_BT: Any, hashes: int, buckets: int) -> Any:
    """Every hash of every id, int64 in 0..M-1."""
    a_K, b_K = (tf.constant(each, tf.int64) for each in zip(*coefficients(hashes), strict=True))
    return (tf.cast(ids_BT, tf.int64)[..., tf.newaxis] * a_K + b_K) % PRIME % buckets


@dataclass(frozen=True)
class HashedSpec:
    """T tokens of any kinds in, their mean vector of width D out."""

    tokens: int
    hashes: int = 2
    buckets: int = 1024
    width: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Hashed(keras.layers.Layer):
    """The mean of the tokens' summed rows."""

    def __init__(self, *, hashes: int, buckets: int, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hashes, self.buckets, self.width, self.seed = hashes, buckets, width, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_MD = self.add_weight(name="table", shape=(self.buckets, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        rows_BTKD = rows(self.table_MD, buckets_BTK(ids_BT, self.hashes, self.buckets), self.compute_dtype)
        return tf.reduce_mean(tf.reduce_sum(rows_BTKD, axis=2), axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"hashes": self.hashes, "buckets": self.buckets, "width": self.width, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("layerparity")
class HashIds(keras.layers.Layer):
    """ids_BT -> buckets_BX, X = T K."""

    def __init__(self, *, hashes: int, buckets: int, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "int64", **kwargs})
        self.hashes, self.buckets = hashes, buckets

    def call(self, ids_BT: Any) -> Any:
        return tf.reshape(buckets_BTK(ids_BT, self.hashes, self.buckets), (-1, ids_BT.shape[1] * self.hashes))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[1] * self.hashes)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "hashes": self.hashes, "buckets": self.buckets}


def as_class(spec: HashedSpec) -> Any:
    """A Layer subclass that hashes, gathers, sums and averages."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    sizes = {"hashes": spec.hashes, "buckets": spec.buckets, "width": spec.width}
    return keras.Model(ids_BT, Hashed(**sizes, seed=spec.seed, name="hashed")(ids_BT))


def as_functional(spec: HashedSpec) -> Any:
    """Embedding of all hashes, averaged, times their number per token."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    uniform = keras.initializers.RandomUniform(seed=spec.seed)
    table = keras.layers.Embedding(spec.buckets, spec.width, embeddings_initializer=uniform, name="table")
    rows_BXD = table(HashIds(hashes=spec.hashes, buckets=spec.buckets)(ids_BT))
    mean_BD = keras.layers.GlobalAveragePooling1D()(rows_BXD)
    return keras.Model(ids_BT, keras.layers.Rescaling(float(spec.hashes))(mean_BD))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> HashedSpec:
    """As many tokens as the data has.  Options: hashes, buckets, width."""
    spec: HashedSpec = make_spec(HashedSpec, options, tokens=seen.shape[0], seed=seed)
    return spec


FAMILY = Family(
    name="hashed",
    spec=HashedSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Hashed, buckets_BTK, coefficients), "functional": (HashIds, buckets_BTK, coefficients)},
    roles={"table": ("table", "embeddings")},
    spec_for=spec_for,
)
