# mypy: allow-subclassing-any
"""Two small tables in place of a large one, in each style.  B batch, T tokens, V vocabulary, M buckets, D width.

ids_BT int32 in 0..V-1 -> vectors_BD, the mean over the tokens of q[id // M] * r[id % M] (or their sum): every id has a
vector of its own from ceil(V / M) + M rows.  Shi et al. 2020, "Compositional Embeddings Using Complementary Partitions
for Memory-Efficient Recommendation Systems", arXiv:1909.02107, the quotient-remainder trick.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.rows import rows
from pipeline.layers.view import View

Operation = Literal["multiply", "add"]


@dataclass(frozen=True)
class QuotientRemainderSpec:
    """T tokens of V kinds in, their mean composed row of width D out."""

    tokens: int
    vocabulary: int
    buckets: int = 64
    width: int = 16
    operation: Operation = "multiply"
    seed: int = 0

    @property
    def quotients(self) -> int:
        """Rows of the quotient's table."""
        return -(-self.vocabulary // self.buckets)


@keras.saving.register_keras_serializable("layerparity")
class QuotientRemainder(keras.layers.Layer):
    """The mean of the tokens' composed rows."""

    def __init__(
        self, *, quotients: int, buckets: int, width: int, operation: Operation, seed: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.quotients, self.buckets, self.width = quotients, buckets, width
        self.operation, self.seed = operation, seed

    def build(self, input_shape: Any) -> None:
        first, second = (keras.initializers.RandomUniform(seed=seed) for seed in seeds(self.seed, 2))
        self.quotient_QD = self.add_weight(name="quotient", shape=(self.quotients, self.width), initializer=first)
        self.remainder_MD = self.add_weight(name="remainder", shape=(self.buckets, self.width), initializer=second)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        ids_BT = tf.cast(ids_BT, tf.int32)
        high_BTD = rows(self.quotient_QD, ids_BT // self.buckets, self.compute_dtype)
        low_BTD = rows(self.remainder_MD, ids_BT % self.buckets, self.compute_dtype)
        rows_BTD = high_BTD * low_BTD if self.operation == "multiply" else high_BTD + low_BTD
        return tf.reduce_mean(rows_BTD, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"quotients": self.quotients, "buckets": self.buckets, "width": self.width}
        return {**super().get_config(), **own, "operation": self.operation, "seed": self.seed}


def as_class(spec: QuotientRemainderSpec) -> Any:
    """A Layer subclass with two weights."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    sizes = {"quotients": spec.quotients, "buckets": spec.buckets, "width": spec.width}
    layer = QuotientRemainder(**sizes, operation=spec.operation, seed=spec.seed, name="composed")
    return keras.Model(ids_BT, layer(ids_BT))


def as_functional(spec: QuotientRemainderSpec) -> Any:
    """Two Embeddings, Multiply or Add, and GlobalAveragePooling1D."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    first, second = (keras.initializers.RandomUniform(seed=seed) for seed in seeds(spec.seed, 2))
    quotient = keras.layers.Embedding(spec.quotients, spec.width, embeddings_initializer=first, name="quotient")
    remainder = keras.layers.Embedding(spec.buckets, spec.width, embeddings_initializer=second, name="remainder")
    compose = keras.layers.Multiply() if spec.operation == "multiply" else keras.layers.Add()
    rows_BTD = compose([quotient(ids_BT // spec.buckets), remainder(ids_BT % spec.buckets)])
    return keras.Model(ids_BT, keras.layers.GlobalAveragePooling1D()(rows_BTD))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> QuotientRemainderSpec:
    """As many tokens and ids as the data has.  Options: buckets, width, operation."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "seed": seed}
    spec: QuotientRemainderSpec = make_spec(QuotientRemainderSpec, options, **known)
    return spec


FAMILY = Family(
    name="quotient_remainder",
    spec=QuotientRemainderSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (QuotientRemainder,)},
    roles={"quotient": ("quotient", "quotient/embeddings"), "remainder": ("remainder", "remainder/embeddings")},
    spec_for=spec_for,
)
