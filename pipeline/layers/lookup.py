# mypy: allow-subclassing-any
"""Token lookup and mean pool, in each style.  B batch, T tokens, V vocabulary, D width.

ids_BT int32 in 0..V-1 -> vectors_BD.  The table is drawn uniformly from -.05 to .05.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.rows import rows
from pipeline.layers.view import View


@dataclass(frozen=True)
class LookupSpec:
    """T tokens of V kinds in, their mean row of width D out."""

    tokens: int
    vocabulary: int
    width: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class PooledLookup(keras.layers.Layer):
    """The mean of the ids' trainable rows."""

    def __init__(self, *, vocabulary: int, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.seed = vocabulary, width, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        return tf.reduce_mean(rows(self.table_VD, ids_BT, self.compute_dtype), axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "vocabulary": self.vocabulary, "width": self.width, "seed": self.seed}


def as_class(spec: LookupSpec) -> Any:
    """A Layer subclass over tf.gather."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    lookup = PooledLookup(vocabulary=spec.vocabulary, width=spec.width, seed=spec.seed, name="lookup")
    return keras.Model(ids_BT, lookup(ids_BT))


def as_functional(spec: LookupSpec) -> Any:
    """Embedding and GlobalAveragePooling1D, wired."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    uniform = keras.initializers.RandomUniform(seed=spec.seed)
    table = keras.layers.Embedding(spec.vocabulary, spec.width, embeddings_initializer=uniform, name="table")
    return keras.Model(ids_BT, keras.layers.GlobalAveragePooling1D()(table(ids_BT)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> LookupSpec:
    """As many tokens and ids as the data has.  Option: width."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "seed": seed}
    spec: LookupSpec = make_spec(LookupSpec, options, **known)
    return spec


FAMILY = Family(
    name="lookup",
    spec=LookupSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (PooledLookup,)},
    roles={"table": ("table", "embeddings")},
    spec_for=spec_for,
)
