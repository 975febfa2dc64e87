"""A compiled XLA program, with what its cost is counted from: shapes, who calls whom, how often loops run."""

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tensorflow.compiler.xla.xla_data_pb2 import PrimitiveType

FLOATS = frozenset({"F16", "BF16", "F32", "F64", "C64", "C128"})
# Bytes of an element; what is missing takes one.
SIZES: Mapping[str, int] = MappingProxyType(
    {"F16": 2, "BF16": 2, "S16": 2, "U16": 2, "F32": 4, "S32": 4, "U32": 4, "F64": 8, "S64": 8, "U64": 8}
    | {"C64": 8, "C128": 16, "TUPLE": 0, "TOKEN": 0, "OPAQUE_TYPE": 0}
)


class UncountedError(Exception):
    """Something in the program has a cost that can't be read from it."""


class Hlo:
    """Looks up what an HloModuleProto's parts refer to by number."""

    def __init__(self, module: Any) -> None:
        self._computations = {computation.id: computation for computation in module.computations}
        self.entry = self._computations[module.entry_computation_id]

    def called(self, instruction: Any) -> list[Any]:
        """The computations that it calls: of a loop its body and its condition."""
        return [self._computations[each] for each in instruction.called_computation_ids]


def operands(computation: Any, instruction: Any) -> list[Any]:
    """The instructions that it reads."""
    known = {each.id: each for each in computation.instructions}
    return [known[each] for each in instruction.operand_ids]


def elements(shape: Any) -> int:
    """Of an array; of a tuple all of its arrays'."""
    if shape.tuple_shapes:
        return sum(map(elements, shape.tuple_shapes))
    return math.prod(shape.dimensions)


def size(shape: Any) -> int:
    """In bytes."""
    if shape.tuple_shapes:
        return sum(map(size, shape.tuple_shapes))
    return elements(shape) * SIZES.get(PrimitiveType.Name(shape.element_type), 1)


def is_float(shape: Any) -> bool:
    """Whether arithmetic on it counts."""
    return PrimitiveType.Name(shape.element_type) in FLOATS


def trips(loop: Any) -> int:
    """How often a `while` runs.  Raises UncountedError where XLA does not know."""
    try:
        return int(json.loads(loop.backend_config)["known_trip_count"]["n"])
    except (ValueError, KeyError, TypeError):
        raise UncountedError("a loop whose length is not known beforehand") from None
