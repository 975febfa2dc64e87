"""What an arm takes of a batch: what goes through its block, and what goes round it.  B batch.

A family embeds one kind of a data set's parts.  The other parts reach the head by the same way in both arms: vectors as
they are; columns as one-hot numbers, or, where these would be too many, as rows of one embedding table.
"""

import dataclasses
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import tensorflow as tf

from pipeline.frontend import keras
from pipeline.layers.view import View
from pipeline.records import Dataset, Part

ONE_HOT_MOST = 1024  # numbers of all columns together
WIDTH = 8  # of an embedded column


@dataclasses.dataclass(frozen=True)
class Intake:
    """`beside` are the parts that go round the block, `offsets` what turns columns into ids of one vocabulary."""

    parts: tuple[Part, ...]
    beside: tuple[Part, ...]
    offsets: tuple[int, ...]

    def block(self, parts: Mapping[Part, Any]) -> Any:
        """The block's inputs: one tensor, or a list of them."""
        taken = [parts[name] for name in self.parts]
        if self.offsets:
            taken[0] += tf.constant(self.offsets, taken[0].dtype)
        return taken[0] if len(taken) == 1 else taken

    def head(self, vectors_BD: Any, parts: Mapping[Part, Any]) -> Any:
        """The head's inputs: the block's vectors, and with them what went round."""
        return [vectors_BD, *(parts[name] for name in self.beside)] if self.beside else vectors_BD


def intake(seen: View) -> Intake:
    """Of a family that sees the data so."""
    return Intake(seen.parts, seen.beside, seen.offsets)


def joined(vectors_BD: Any, beside: Mapping[Part, Any], dataset: Dataset, seed: int) -> Any:
    """The block's vectors and all that went round it, side by side; both are symbolic."""
    numbers = [_ENCODED[name](values, dataset, seed) for name, values in beside.items()]
    return keras.layers.Concatenate()([vectors_BD, *numbers]) if numbers else vectors_BD


def _vectors(vectors_BF: Any, _dataset: Dataset, _seed: int) -> Any:
    return vectors_BF


def _columns(ids_BC: Any, dataset: Dataset, seed: int) -> Any:
    if sum(dataset.vocabularies) <= ONE_HOT_MOST:
        return _OneHot(dataset.vocabularies)(ids_BC)
    offsets = list(accumulate(dataset.vocabularies[:-1], initial=0))
    uniform = keras.initializers.RandomUniform(seed=seed)
    table = keras.layers.Embedding(sum(dataset.vocabularies), WIDTH, embeddings_initializer=uniform, name="beside")
    return keras.layers.Flatten()(table(_Offset(offsets)(ids_BC)))


_ENCODED = {"vectors": _vectors, "columns": _columns}


class _OneHot(keras.layers.Layer):  # type: ignore[misc]
    """ids_BC -> zeros and ones (B, sum of the vocabularies)."""

    def __init__(self, vocabularies: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabularies = vocabularies

    def call(self, ids_BC: Any) -> Any:
        ids_BC = tf.cast(ids_BC, tf.int32)
        hot = [tf.one_hot(ids_BC[:, c], size, dtype=self.compute_dtype) for c, size in enumerate(self.vocabularies)]
        return tf.concat(hot, axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], sum(self.vocabularies))


class _Offset(keras.layers.Layer):  # type: ignore[misc]
    """ids_BC -> ids of one vocabulary."""

    def __init__(self, offsets: list[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offsets = offsets

    def call(self, ids_BC: Any) -> Any:
        return tf.cast(ids_BC, tf.int32) + tf.constant(self.offsets)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape
