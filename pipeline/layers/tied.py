# mypy: allow-subclassing-any
"""One table for input and output, in each style.  B batch, T tokens, V vocabulary, D width.

ids_BT int32 in 0..V-1 -> scores_BV = mean_t(E[id_t]) E^T: how well the tokens' mean row goes with every row.
Press and Wolf 2017, "Using the Output Embedding to Improve Language Models", arXiv:1608.05859.
The two layers share no base, nor one with other families: the code of an arm is counted, and read, as a whole.
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
class TiedSpec:
    """T tokens of V kinds in, V scores out, through width D."""

    tokens: int
    vocabulary: int
    width: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class TiedScores(keras.layers.Layer):
    """Looks up, averages, and scores against the same table."""

    def __init__(self, *, vocabulary: int, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.seed = vocabulary, width, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, ids_BT: Any) -> Any:
        mean_BD = tf.reduce_mean(rows(self.table_VD, ids_BT, self.compute_dtype), axis=1)
        return tf.matmul(mean_BD, self.table_VD, transpose_b=True)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], self.vocabulary)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "vocabulary": self.vocabulary, "width": self.width, "seed": self.seed}


@keras.saving.register_keras_serializable("layerparity")
class TiedTable(keras.layers.Layer):
    """ids_BT -> rows_BTD; called again on vectors_B1D -> scores_B1V.  Keras 3 has it as ReversibleEmbedding."""

    def __init__(self, *, vocabulary: int, width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.width, self.seed = vocabulary, width, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_VD = self.add_weight(name="table", shape=(self.vocabulary, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        if len(inputs.shape) == 3:
            return tf.matmul(inputs, self.table_VD, transpose_b=True)
        return rows(self.table_VD, inputs, self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        if len(input_shape) == 3:
            return (*input_shape[:2], self.vocabulary)
        return (*input_shape, self.width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "vocabulary": self.vocabulary, "width": self.width, "seed": self.seed}


def as_class(spec: TiedSpec) -> Any:
    """A Layer subclass that uses its weight twice."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    tied = TiedScores(vocabulary=spec.vocabulary, width=spec.width, seed=spec.seed, name="tied")
    return keras.Model(ids_BT, tied(ids_BT))


def as_functional(spec: TiedSpec) -> Any:
    """One table layer, called before and after GlobalAveragePooling1D, and Flatten."""
    ids_BT = keras.Input((spec.tokens,), dtype="int32")
    table = TiedTable(vocabulary=spec.vocabulary, width=spec.width, seed=spec.seed, name="tied")
    mean_B1D = keras.layers.GlobalAveragePooling1D(keepdims=True)(table(ids_BT))
    return keras.Model(ids_BT, keras.layers.Flatten()(table(mean_B1D)))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> TiedSpec:
    """As many tokens and ids as the data has.  Option: width."""
    known = {"tokens": seen.shape[0], "vocabulary": seen.vocabulary, "seed": seed}
    spec: TiedSpec = make_spec(TiedSpec, options, **known)
    return spec


FAMILY = Family(
    name="tied",
    spec=TiedSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (TiedScores,), "functional": (TiedTable,)},
    roles={"table": ("table",)},
    spec_for=spec_for,
)
