"""The meaning of every HLO opcode over the field: floating values are field elements, integers are themselves.

A predicate is a bool array where it is known, an int64 array of unknown 0/1 numbers where it rests on floating values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from tensorflow.compiler.xla import xla_data_pb2

from pipeline.certify.algebra import field
from pipeline.certify.algebra.field import P
from pipeline.certify.algebra.functions import RATIONAL, UNKNOWN, compare, logic
from pipeline.certify.program.interpret.contracting import convolution, dot
from pipeline.certify.program.interpret.indexing import scatter_places
from pipeline.certify.program.interpret.integers import INTEGERS, iota
from pipeline.certify.program.interpret.moving import MOVING, zero_padded
from pipeline.certify.program.interpret.walk import Array, Handler, Step, Table, Unsupported
from pipeline.certify.program.literals import FLOATS, PREDICATE, literal_array

_WIDE = frozenset({xla_data_pb2.F32, xla_data_pb2.F64})


def table(salt: int, *, as_ratios: bool) -> Table:
    """Looks an opcode up.  `salt` picks the values of the unknown functions."""
    floating = _floating(salt, as_ratios)

    def find(step: Step) -> Handler | None:
        if step.opcode in MOVING:
            return MOVING[step.opcode]
        if step.floating:
            return floating.get(step.opcode)
        return _guarded if step.operand_types[:1] == (PREDICATE,) else INTEGERS.get(step.opcode)

    return find


def _guarded(step: Step, operands: Sequence[Any]) -> Any:
    """Opcodes whose first operand is a predicate, and whose result is not floating."""
    if all(np.asarray(operand).dtype == bool for operand in _predicates(step, operands)):
        handler = INTEGERS.get(step.opcode)
        if handler is None:
            raise Unsupported(step.opcode)
        return handler(step, operands)
    if step.instruction.shape.element_type != PREDICATE or step.opcode in ("select", "compare", "reduce"):
        raise Unsupported(f"{step.opcode} of floating comparisons")
    return logic(step.opcode, list(operands))


def _predicates(step: Step, operands: Sequence[Any]) -> list[Any]:
    return [x for x, kind in zip(operands, step.operand_types, strict=True) if kind == PREDICATE]


def _floating(salt: int, as_ratios: bool) -> Mapping[str, Handler]:
    def function(step: Step, operands: Sequence[Any]) -> Array:
        return np.asarray(UNKNOWN[step.opcode](*operands, salt))

    return {
        **dict.fromkeys(UNKNOWN, function),
        **dict.fromkeys(RATIONAL, lambda step, operands: RATIONAL[step.opcode](*operands)),
        "constant": lambda step, _operands: _constant(step, as_ratios),
        "iota": lambda step, _operands: iota(step).astype(np.int64),
        "compare": lambda step, operands: compare(
            step.instruction.comparison_direction, operands[0], operands[1], salt
        ),
        "select": _select,
        "convert": lambda step, operands: _convert(step, operands[0], salt),
        "dot": lambda step, operands: dot(step, operands, field.matrix_product),
        "convolution": lambda step, operands: convolution(step, operands, field.matrix_product, zero_padded),
        "reduce": lambda step, operands: _reduce(step, operands, salt),
        "scatter": _scatter,
    }


def _constant(step: Step, as_ratios: bool) -> Array:
    found = literal_array(step.instruction.literal)
    if found is None:
        raise Unsupported("a constant of an unknown type")
    return field.embed(found, as_ratios=as_ratios)


def _select(step: Step, operands: Sequence[Any]) -> Array:
    del step
    predicate, chosen, other = operands
    if predicate.dtype == bool:
        return np.asarray(np.where(predicate, chosen, other))
    return np.asarray((field.multiply(predicate, chosen) + field.multiply((1 - predicate) % P, other)) % P)


def _convert(step: Step, operand: Array, salt: int) -> Array:
    """Between float32 and float64 nothing happens; rounding to 16 bits is an unknown function."""
    source, target = step.operand_types[0], step.instruction.shape.element_type
    if target not in FLOATS:
        raise Unsupported("convert from floating to integer")
    if source not in FLOATS:
        return np.asarray(operand.astype(np.int64) % P)
    widens = target in _WIDE or source == target
    return np.asarray(operand) if widens else field.odd(f"round to {target}", operand, salt)


def _reduce(step: Step, operands: Sequence[Any], salt: int) -> Array:
    """Sums and products exactly; an extremum as an unknown symmetric function of all numbers and the initial one."""
    if len(operands) != 2:
        raise Unsupported("a reduction of several operands")
    source, initial = operands
    kind = step.binary()
    if kind == "add":
        return np.asarray((source.sum(axis=step.axes) + initial) % P)
    if kind == "multiply":
        rows = np.moveaxis(source, step.axes, range(len(step.axes))).reshape(-1, *step.dims)
        result = np.broadcast_to(initial, step.dims)
        for row in rows:
            result = field.multiply(result, row)
        return result
    if kind in ("maximum", "minimum"):
        elements = field.uninterpreted(f"{kind} element", source, salt).sum(axis=step.axes)
        start = field.uninterpreted(f"{kind} initial", initial, salt)
        return field.uninterpreted(kind, (elements + start) % P, salt)
    raise Unsupported(f"a floating reduction by {kind}")


def _scatter(step: Step, operands: Sequence[Any]) -> Array:
    if step.binary() != "add":
        raise Unsupported(f"scatter by {step.binary()}")
    places, updates = scatter_places(step, operands)
    result = np.array(operands[0])
    np.add.at(result, places, updates)
    return np.asarray(result % P)
