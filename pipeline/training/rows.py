"""How a batch's rows are taken out of a data set's arrays.  N examples, B of them wanted.

Small data are copied into tensors once.  Large data, and those that are mapped from a file, stay where they are: a
batch's rows are copied as it is made, so that memory doesn't grow with the data.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.records import Examples, Part

COPIED_MOST = 256 * 2**20  # bytes of all arrays together

# ids_B int64 -> (parts by name, targets) of these examples
Take = Callable[[Any], tuple[dict[Part, Any], Any]]


def taker(examples: Examples, *, portable: bool = False) -> Take:
    """Takes rows within a graph.  `portable`: of tensors alone, so that another process may run the graph."""
    return _from_arrays(examples) if not portable and _stays(examples) else _from_tensors(examples)


def _stays(examples: Examples) -> bool:
    arrays = [*examples.parts.values(), examples.targets]
    return sum(array.nbytes for array in arrays) > COPIED_MOST or any(_is_mapped(array) for array in arrays)


def _is_mapped(array: Any) -> bool:
    """Whether it is a view, of whatever depth, of a memory map."""
    while isinstance(array, np.ndarray) and not isinstance(array, np.memmap):
        array = array.base
    return isinstance(array, np.memmap)


def _from_tensors(examples: Examples) -> Take:
    parts = {name: tf.constant(values) for name, values in examples.parts.items()}
    targets = tf.constant(examples.targets)
    return lambda ids_B: ({name: tf.gather(values, ids_B) for name, values in parts.items()}, tf.gather(targets, ids_B))


def _from_arrays(examples: Examples) -> Take:
    arrays = [*examples.parts.values(), examples.targets]
    dtypes = [tf.as_dtype(array.dtype) for array in arrays]

    def gather(ids_B: Any) -> list[Any]:
        return [np.asarray(array[ids_B]) for array in arrays]

    def take(ids_B: Any) -> tuple[dict[Part, Any], Any]:
        found = tf.numpy_function(gather, [ids_B], dtypes, stateful=False)
        for tensor, array in zip(found, arrays, strict=True):
            tensor.set_shape((*ids_B.shape, *array.shape[1:]))
        return dict(zip(examples.parts, found[:-1], strict=True)), found[-1]

    return take
