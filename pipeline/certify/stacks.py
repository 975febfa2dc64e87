"""Weights that are row blocks of what is one weight in the other arm: a Stack is read, written and judged as one.

What acts on real variables (a gradient tape, an optimizer) is given the parts.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import tensorflow as tf

from pipeline.frontend import tensor_variable
from pipeline.layers.family import Stack


def parts(variable: Any) -> tuple[Any, ...]:
    """The variables that make it up: itself, where it is none of several parts."""
    return variable.parts if isinstance(variable, Stack) else (variable,)


def flat(variables: Iterable[Any]) -> list[Any]:
    """All parts, in order."""
    return [part for variable in variables for part in parts(variable)]


def combined(variables: Sequence[Any], gradients: Iterable[Any]) -> list[Any]:
    """One gradient for each variable from one for each part: of a stack, the rows of the parts one below the other.

    Slices stay slices where every part has them; None stays None where every part has it.
    """
    left = iter(gradients)
    return [_joined(variable, [next(left) for _ in parts(variable)]) for variable in variables]


def _joined(variable: Any, gradients: list[Any]) -> Any:
    if len(gradients) == 1:
        return gradients[0]
    if all(gradient is None for gradient in gradients):
        return None
    if all(isinstance(gradient, tf.IndexedSlices) for gradient in gradients):
        return _slices(variable, gradients)
    dense = [
        tf.zeros_like(tensor_variable(part)) if gradient is None else tf.convert_to_tensor(gradient)
        for part, gradient in zip(variable.parts, gradients, strict=True)
    ]
    return tf.concat(dense, axis=0)


def _slices(variable: Any, gradients: Sequence[tf.IndexedSlices]) -> tf.IndexedSlices:
    indices, offset = [], 0
    for part, gradient in zip(variable.parts, gradients, strict=True):
        indices.append(tf.cast(gradient.indices, tf.int64) + offset)
        offset += int(part.shape[0])
    values = tf.concat([gradient.values for gradient in gradients], axis=0)
    return tf.IndexedSlices(values, tf.concat(indices, axis=0), tf.constant(variable.shape, tf.int64))
