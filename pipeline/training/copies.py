"""The copies of a variable that a strategy keeps, one per replica of this process."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.frontend import tensor_variable
from pipeline.training.monitor import Array


def local_copies(variable: Any, strategy: Any) -> tuple[Any, ...]:
    """This process's copies, as variables that can be read and assigned."""
    return tuple(strategy.experimental_local_results(tensor_variable(variable)))


def read(variables: Sequence[Any], strategy: Any) -> tuple[tuple[Array, ...], ...]:
    """The values of every variable's copies."""
    return tuple(tuple(np.array(copy) for copy in local_copies(variable, strategy)) for variable in variables)


def restore(variables: Sequence[Any], values: Sequence[Sequence[Array]], strategy: Any) -> None:
    """Puts back what `read` gave, copy by copy."""
    for variable, own in zip(variables, values, strict=True):
        for copy, value in zip(local_copies(variable, strategy), own, strict=True):
            copy.assign(value)


def gaps(variables: Mapping[str, Any], strategy: Any) -> dict[str, float]:
    """The largest difference of any element between two replicas, by role; nothing where there is one replica.

    Every member of a gang calls it, at the same time.
    """
    if strategy.num_replicas_in_sync == 1:
        return {}
    tensors = [tensor_variable(variable) for variable in variables.values()]

    def own() -> list[Any]:
        return [tf.expand_dims(tf.cast(tensor, tf.float64), 0) for tensor in tensors]

    @tf.function  # type: ignore[untyped-decorator]
    def every() -> list[Any]:
        return [strategy.gather(copies_R, axis=0) for copies_R in strategy.run(own)]

    return {role: _spread(copies_R.numpy()) for role, copies_R in zip(variables, every(), strict=True)}


def _spread(copies_R: Array) -> float:
    """Over R replicas."""
    return float((copies_R.max(axis=0) - copies_R.min(axis=0)).max(initial=0.0))
