# mypy: allow-subclassing-any
"""A table per categorical column, in each style.  B batch, C columns, V_c vocabulary of column c, S their sum, D width.

ids_BC int32 with 0..V_c-1 in column c -> vectors_BX, X = C D: the rows of the columns one after the other, as the
categorical part of DLRM (Naumov et al. 2019, arXiv:1906.00091).  The C tables may lie in one table_SD, column c from
row o_c = V_0 + ... + V_{c-1} on: one lookup of all ids + o against one lookup a column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec, seeds
from pipeline.layers.rows import rows
from pipeline.layers.view import View


@dataclass(frozen=True)
class MultiTableSpec:
    """C columns with a vocabulary each in, C rows of width D out."""

    vocabularies: tuple[int, ...]
    width: int = 16
    seed: int = 0

    @property
    def offsets(self) -> list[int]:
        """Where each column begins in the fused table."""
        return [0, *accumulate(self.vocabularies[:-1])]


@keras.saving.register_keras_serializable("layerparity")
class FusedTables(keras.layers.Layer):
    """All columns in one table and one lookup."""

    def __init__(self, *, rows: int, offsets: list[int], width: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.offsets, self.width, self.seed = rows, offsets, width, seed

    def build(self, input_shape: Any) -> None:
        uniform = keras.initializers.RandomUniform(seed=self.seed)
        self.table_SD = self.add_weight(name="table", shape=(self.rows, self.width), initializer=uniform)
        super().build(input_shape)

    def call(self, ids_BC: Any) -> Any:
        rows_BCD = rows(self.table_SD, tf.cast(ids_BC, tf.int32) + tf.constant(self.offsets), self.compute_dtype)
        return tf.reshape(rows_BCD, (-1, len(self.offsets) * self.width))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], len(self.offsets) * self.width)

    def get_config(self) -> dict[str, Any]:
        own = {"rows": self.rows, "offsets": list(self.offsets), "width": self.width, "seed": self.seed}
        return {**super().get_config(), **own}


def as_class(spec: MultiTableSpec) -> Any:
    """A Layer subclass: one table, one tf.gather."""
    ids_BC = keras.Input((len(spec.vocabularies),), dtype="int32")
    rows, width = sum(spec.vocabularies), spec.width
    tables = FusedTables(rows=rows, offsets=spec.offsets, width=width, seed=spec.seed, name="tables")
    return keras.Model(ids_BC, tables(ids_BC))


def as_functional(spec: MultiTableSpec) -> Any:
    """One Embedding, looked up column by column."""
    ids_BC = keras.Input((len(spec.vocabularies),), dtype="int32")
    table = _embedding(sum(spec.vocabularies), spec.width, spec.seed, "table")
    rows = [table(ids_BC[:, column] + offset) for column, offset in enumerate(spec.offsets)]
    return keras.Model(ids_BC, keras.layers.Concatenate()(rows))


def as_separate(spec: MultiTableSpec) -> Any:
    """An Embedding a column.  Its C weights make up the one table of the other arms, in the order of the columns."""
    ids_BC = keras.Input((len(spec.vocabularies),), dtype="int32")
    rows = [
        _embedding(vocabulary, spec.width, seed, f"table_{column}")(ids_BC[:, column])
        for column, (vocabulary, seed) in enumerate(
            zip(spec.vocabularies, seeds(spec.seed, len(spec.vocabularies)), strict=True)
        )
    ]
    return keras.Model(ids_BC, keras.layers.Concatenate()(rows))


def _embedding(rows: int, width: int, seed: int, name: str) -> Any:
    uniform = keras.initializers.RandomUniform(seed=seed)
    return keras.layers.Embedding(rows, width, embeddings_initializer=uniform, name=name)


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> MultiTableSpec:
    """The data's columns and their vocabularies.  Option: width."""
    spec: MultiTableSpec = make_spec(MultiTableSpec, options, vocabularies=seen.vocabularies, seed=seed)
    return spec


FAMILY = Family(
    name="multi_table",
    spec=MultiTableSpec,
    arms={"class": as_class, "functional": as_functional, "separate": as_separate},
    code={"class": (FusedTables,), "functional": (_embedding,), "separate": (_embedding,)},
    roles={"table": ("table", "embeddings")},
    spec_for=spec_for,
    stacked=("table",),
)
