# mypy: allow-subclassing-any
"""A bag of ids as one vector, in each style.  B batch, T places, V vocabulary, D width.

ids_BT int32 in 0..V-1, padded with 0 -> vectors_BD: the sum of the rows of the n ids that are not 0, divided by
1 (sum), n (mean) or the square root of n (sqrtn); zeros for an empty bag.  Row 0 of the table is never used.
The mean is that of Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification";
sqrtn is the combiner of that name of `tf.nn.embedding_lookup_sparse`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.records import Dataset

Combiner = Literal["sum", "mean", "sqrtn"]
# What the sum is divided by, from the number of ids that are not padding.
DIVISORS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {"sum": tf.ones_like, "mean": tf.identity, "sqrtn": tf.sqrt}
)


@dataclass(frozen=True)
class BagSpec:
    """At most T ids of V kinds in (0 is padding), their combined rows of width D out."""

    tokens: int
    vocabulary: int
    width: int = 16
    combiner: Combiner = "mean"
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Bag(keras.layers.Layer):
    """Gathers, masks, sums and divides."""

    def __init__(self, *, vocabulary: int, width: int, combiner: Combiner, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.combiner, self.seed = vocabulary, width, combiner, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        ids_BT = tf.cast(ids_BT, tf.int32)
        real_BT = tf.cast(ids_BT != 0, self.compute_dtype)
        sum_BD = tf.reduce_sum(tf.gather(self.table_VD, ids_BT) * real_BT[..., tf.newaxis], axis=1)
        count_B1 = tf.maximum(tf.reduce_sum(real_BT, axis=1, keepdims=True), 1)
        return sum_BD / DIVISORS[self.combiner](count_B1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"vocabulary": self.vocabulary, "width": self.width, "combiner": self.combiner, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("layerparity")
class BagShares(keras.layers.Layer):
    """ids_BT -> shares_BT: what each row counts for in its bag; 0 for padding."""

    def __init__(self, *, combiner: Combiner, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.combiner = combiner

    def call(self, ids_BT: Any) -> Any:
        real_BT = tf.cast(tf.cast(ids_BT, tf.int32) != 0, self.compute_dtype)
        count_B1 = tf.maximum(tf.reduce_sum(real_BT, axis=1, keepdims=True), 1)
        return real_BT / DIVISORS[self.combiner](count_B1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "combiner": self.combiner}


def as_class(spec: BagSpec) -> Any:
    """A Layer subclass over tf.gather."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    bag = Bag(vocabulary=spec.vocabulary, width=spec.width, combiner=spec.combiner, seed=spec.seed, name="bag")
    return keras.Model(ids_BT, bag(ids_BT))


def as_functional(spec: BagSpec) -> Any:
    """Embedding, and Dot with the ids' shares of their bag."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    uniform = keras.initializers.RandomUniform(seed=spec.seed)
    table = keras.layers.Embedding(spec.vocabulary, spec.width, embeddings_initializer=uniform, name="table")
    shares_BT = BagShares(combiner=spec.combiner)(ids_BT)
    return keras.Model(ids_BT, keras.layers.Dot(axes=1)([shares_BT, table(ids_BT)]))


def spec_for(dataset: Dataset, options: Mapping[str, Option], seed: int) -> BagSpec:
    """As many places and ids as the data has.  Options: width, combiner."""
    known = {"tokens": dataset.train_inputs.shape[1], "vocabulary": dataset.vocabulary, "seed": seed}
    spec: BagSpec = make_spec(BagSpec, options, **known)
    return spec


FAMILY = Family(
    name="bag",
    spec=BagSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Bag,), "functional": (BagShares,)},
    roles={"table": ("table", "embeddings")},
    spec_for=spec_for,
)
