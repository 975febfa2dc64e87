"""Integers and predicates in machine arithmetic: exact, wrapping, the same whatever a floating number is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.certify.program.interpret.walk import Array, Handler, Step, Unsupported
from pipeline.certify.program.literals import FLOATS, literal_array, numpy_type

COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "EQ": np.equal,
    "NE": np.not_equal,
    "LT": np.less,
    "LE": np.less_equal,
    "GT": np.greater,
    "GE": np.greater_equal,
}
_REDUCE: Mapping[str, Any] = {
    "add": np.add,
    "multiply": np.multiply,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}


def _divide(left: Array, right: Array) -> Array:
    """Truncates towards zero."""
    _no_zero(right)
    quotient = np.abs(left.astype(object)) // np.abs(right.astype(object))
    return np.asarray(np.where((left < 0) != (right < 0), -quotient, quotient))


def _remainder(left: Array, right: Array) -> Array:
    """Has the sign of the dividend."""
    _no_zero(right)
    return np.asarray(np.fmod(left, right))


def _no_zero(divisor: Array) -> None:
    if not np.all(divisor):
        raise Unsupported("an integer division by zero")


def _shift(operation: Callable[[Any, Any], Any], *, unsigned: bool) -> Callable[[Array, Array], Array]:
    """Shifts by the width or more give zero in HLO, and need care in NumPy."""

    def apply(left: Array, right: Array) -> Array:
        width = left.dtype.itemsize * 8
        value = left.view(np.dtype(f"u{left.dtype.itemsize}")) if unsigned else left
        inside = (right >= 0) & (right < width)
        if not unsigned and not inside.all():
            raise Unsupported("an arithmetic shift by more than the width")
        shifted = operation(value, np.where(inside, right, 0).astype(value.dtype))
        return np.asarray(np.where(inside, shifted, 0).astype(value.dtype).view(left.dtype))

    return apply


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": _divide,
    "remainder": _remainder,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "negate": np.negative,
    "abs": np.abs,
    "sign": np.sign,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "not": np.invert,
    "clamp": lambda low, value, high: np.minimum(np.maximum(value, low), high),
    "shift-left": _shift(np.left_shift, unsigned=True),
    "shift-right-logical": _shift(np.right_shift, unsigned=True),
    "shift-right-arithmetic": _shift(np.right_shift, unsigned=False),
}


def _operation(step: Step, operands: Sequence[Any]) -> Array:
    with np.errstate(over="ignore"):
        result = _OPERATIONS[step.opcode](*(np.asarray(operand) for operand in operands))
    return np.asarray(np.asarray(result).astype(numpy_type(step.instruction.shape.element_type)))


def _constant(step: Step, operands: Sequence[Any]) -> Array:
    del operands
    found = literal_array(step.instruction.literal)
    if found is None:
        raise Unsupported("a constant of an unknown type")
    return found


def _iota(step: Step, operands: Sequence[Any]) -> Array:
    del operands
    return iota(step).astype(numpy_type(step.instruction.shape.element_type))


def iota(step: Step) -> Array:
    """0, 1, 2 … along one axis."""
    axis = step.axes[0]
    shape = [1] * len(step.dims)
    shape[axis] = step.dims[axis]
    return np.broadcast_to(np.arange(step.dims[axis]).reshape(shape), step.dims)


def _compare(step: Step, operands: Sequence[Any]) -> Array:
    return np.asarray(COMPARE[step.instruction.comparison_direction](*operands))


def _convert(step: Step, operands: Sequence[Any]) -> Array:
    if step.operand_types[0] in FLOATS:
        raise Unsupported("convert from floating to integer")
    return np.asarray(operands[0].astype(numpy_type(step.instruction.shape.element_type)))


def _reduce(step: Step, operands: Sequence[Any]) -> Array:
    if len(operands) != 2:
        raise Unsupported("a reduction of several operands")
    operation = _REDUCE.get(step.binary())
    if operation is None:
        raise Unsupported(f"an integer reduction by {step.binary()}")
    source, initial = operands
    reduced = operation.reduce(source, axis=step.axes, dtype=source.dtype)
    return np.asarray(operation(reduced, initial)).astype(source.dtype)


def _bits(step: Step, operands: Sequence[Any]) -> Array:
    bits = np.ascontiguousarray(operands[0]).view(numpy_type(step.instruction.shape.element_type))
    return np.asarray(bits.reshape(step.dims))


INTEGERS: Mapping[str, Handler] = {
    **dict.fromkeys(_OPERATIONS, _operation),
    "constant": _constant,
    "iota": _iota,
    "compare": _compare,
    "convert": _convert,
    "reduce": _reduce,
    "bitcast-convert": _bits,
    "select": lambda _step, operands: np.where(*operands),
}
