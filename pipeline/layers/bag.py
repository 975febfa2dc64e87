# mypy: allow-subclassing-any
"""A bag of ids as one vector, in each style.  B batch, T places, V vocabulary, D width.

ids_BT int32 in 0..V-1, padded with 0 -> vectors_BD: the sum of the rows t of the ids that are not 0, each times its
weight w, divided by 1 (sum), the sum of w (mean) or the square root of the sum of w^2 (sqrtn), as
`tf.nn.embedding_lookup_sparse` combines them.  weights_BT float32 are a second input; without them w = 1, and the
divisors are 1, n and the square root of n.  A bag whose divisor is 0, an empty one that is, is divided by 1: zeros.
Row 0 of the table is never used.  Either input may be ragged: that is padded with 0.

The mean is that of Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.rows import rows
from pipeline.layers.view import View

Combiner = Literal["sum", "mean", "sqrtn"]
# What the sum is divided by, [B, 1], from what each place counts for.
DIVISORS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "sum": lambda counts_BT: tf.ones_like(counts_BT[:, :1]),
        "mean": lambda counts_BT: tf.reduce_sum(counts_BT, axis=1, keepdims=True),
        "sqrtn": lambda counts_BT: tf.sqrt(_not_zero(tf.reduce_sum(tf.square(counts_BT), axis=1, keepdims=True))),
    }
)


@dataclass(frozen=True)
class BagSpec:
    """At most T ids of V kinds in (0 is padding), and their weights; their combined rows of width D out."""

    tokens: int
    vocabulary: int
    weighted: bool = False
    width: int = 16
    combiner: Combiner = "mean"
    seed: int = 0


def padded(values: Any) -> Any:
    """A ragged tensor filled up with 0; any other as it is."""
    return values.to_tensor() if isinstance(values, tf.RaggedTensor) else values


def counts_BT(inputs: Any, dtype: str) -> Any:
    """What each place counts for, of ids_BT or [ids_BT, weights_BT]: its weight, or 1; 0 where there is padding."""
    ids_BT, *weights_BT = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    real_BT = tf.cast(tf.cast(ids_BT, tf.int32) != 0, dtype)
    return real_BT * tf.cast(weights_BT[0], dtype) if weights_BT else real_BT


def divisor_B1(counts_BT: Any, combiner: Combiner) -> Any:
    """What a bag's sum is divided by."""
    return _not_zero(DIVISORS[combiner](counts_BT))


def _not_zero(values: Any) -> Any:
    return tf.where(values == 0, tf.ones_like(values), values)


@keras.saving.register_keras_serializable("layerparity")
class Bag(keras.layers.Layer):
    """Gathers, weighs, sums and divides."""

    def __init__(self, *, vocabulary: int, width: int, combiner: Combiner, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.combiner, self.seed = vocabulary, width, combiner, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        given = [padded(each) for each in (inputs if isinstance(inputs, (list, tuple)) else [inputs])]
        shares_BT = counts_BT(given, self.compute_dtype)
        rows_BTD = rows(self.table_VD, given[0], self.compute_dtype)
        return tf.reduce_sum(rows_BTD * shares_BT[..., tf.newaxis], axis=1) / divisor_B1(shares_BT, self.combiner)

    def compute_output_shape(self, input_shape: Any) -> Any:
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        return (first[0], self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"vocabulary": self.vocabulary, "width": self.width, "combiner": self.combiner, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("layerparity")
class Padded(keras.layers.Layer):
    """Ragged rows filled up with 0."""

    def call(self, values_BT: Any) -> Any:
        return padded(values_BT)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


@keras.saving.register_keras_serializable("layerparity")
class BagShares(keras.layers.Layer):
    """ids_BT or [ids_BT, weights_BT] -> shares_BT: what each row counts for in its bag; 0 for padding."""

    def __init__(self, *, combiner: Combiner, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.combiner = combiner

    def call(self, inputs: Any) -> Any:
        found_BT = counts_BT(inputs, self.compute_dtype)
        return found_BT / divisor_B1(found_BT, self.combiner)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0] if isinstance(input_shape, list) else input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "combiner": self.combiner}


def _inputs(spec: BagSpec) -> Any:
    ids_BT = keras.Input((spec.tokens,), dtype="int32", name="ids")
    return [ids_BT, keras.Input((spec.tokens,), name="weights")] if spec.weighted else ids_BT


def as_class(spec: BagSpec) -> Any:
    """A Layer subclass over tf.gather."""
    inputs = _inputs(spec)
    bag = Bag(vocabulary=spec.vocabulary, width=spec.width, combiner=spec.combiner, seed=spec.seed, name="bag")
    return keras.Model(inputs, bag(inputs))


def as_functional(spec: BagSpec) -> Any:
    """Embedding, and Dot with the ids' shares of their bag."""
    inputs = _inputs(spec)
    given = [Padded()(each) for each in inputs] if spec.weighted else Padded()(inputs)
    uniform = keras.initializers.RandomUniform(seed=spec.seed)
    table = keras.layers.Embedding(spec.vocabulary, spec.width, embeddings_initializer=uniform, name="table")
    rows_BTD = table(given[0] if spec.weighted else given)
    return keras.Model(inputs, keras.layers.Dot(axes=1)([BagShares(combiner=spec.combiner)(given), rows_BTD]))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> BagSpec:
    """As many places and ids as the data has, with its weights if there are any.  Options: width, combiner."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "weighted": seen.kind == "bags", "seed": seed}
    spec: BagSpec = make_spec(BagSpec, options, **known)
    return spec


FAMILY = Family(
    name="bag",
    spec=BagSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Bag, padded, counts_BT, divisor_B1), "functional": (Padded, BagShares, counts_BT, divisor_B1)},
    roles={"table": ("table", "embeddings")},
    spec_for=spec_for,
)
