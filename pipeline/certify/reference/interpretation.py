"""The meaning of every HLO opcode in long double.  Values are not rounded to narrower types: that is what is judged."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.certify.program.interpret.contracting import convolution, dot
from pipeline.certify.program.interpret.indexing import scatter_places
from pipeline.certify.program.interpret.integers import COMPARE, INTEGERS, iota
from pipeline.certify.program.interpret.moving import MOVING, zero_padded
from pipeline.certify.program.interpret.walk import Array, Handler, Step, Unsupported
from pipeline.certify.program.interpret.windows import reduce_window
from pipeline.certify.program.literals import FLOATS, literal_array, numpy_type
from pipeline.certify.reference.functions import FUNCTIONS

_REGIONS: Mapping[str, Any] = {
    "add": np.add,
    "multiply": np.multiply,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


def table(step: Step) -> Handler | None:
    """Looks an opcode up."""
    if step.opcode in MOVING:
        return MOVING[step.opcode]
    return _FLOATING.get(step.opcode) if step.floating else INTEGERS.get(step.opcode)


def _function(step: Step, operands: Sequence[Any]) -> Array:
    return np.asarray(FUNCTIONS[step.opcode](*operands))


def _constant(step: Step, operands: Sequence[Any]) -> Array:
    del operands
    found = literal_array(step.instruction.literal)
    if found is None:
        raise Unsupported("a constant of an unknown type")
    return found.astype(np.longdouble)


def _convert(step: Step, operands: Sequence[Any]) -> Array:
    target = step.instruction.shape.element_type
    if target in FLOATS:
        return np.asarray(operands[0].astype(np.longdouble))
    kind = numpy_type(target)
    limits = np.iinfo(kind) if kind.kind in "iu" else None
    if limits and not np.all((operands[0] >= limits.min) & (operands[0] <= limits.max)):
        raise Unsupported("convert to an integer out of its range")
    return np.asarray(operands[0].astype(kind))


def _product(left: Array, right: Array) -> Array:
    return np.asarray(np.matmul(left, right))


def _operation(step: Step) -> Any:
    found = _REGIONS.get(step.binary())
    if found is None:
        raise Unsupported(f"{step.opcode} by {step.binary()}")
    return found


def _reduce(step: Step, operands: Sequence[Any]) -> Array:
    if len(operands) != 2:
        raise Unsupported("a reduction of several operands")
    operation = _operation(step)
    return np.asarray(operation(operation.reduce(operands[0], axis=step.axes), operands[1]))


def _window(step: Step, operands: Sequence[Any]) -> Array:
    if len(operands) != 2:
        raise Unsupported("a windowed reduction of several operands")
    return reduce_window(step, operands[0], operands[1], _operation(step))


def _scatter(step: Step, operands: Sequence[Any]) -> Array:
    places, updates = scatter_places(step, operands)
    result = np.array(operands[0])
    if step.binary() == "second":
        result[places] = updates
    else:
        _operation(step).at(result, places, updates)
    return result


_FLOATING: Mapping[str, Handler] = {
    **dict.fromkeys(FUNCTIONS, _function),
    "constant": _constant,
    "iota": lambda step, _operands: iota(step).astype(np.longdouble),
    "compare": lambda step, operands: np.asarray(COMPARE[step.instruction.comparison_direction](*operands)),
    "select": lambda _step, operands: np.where(*operands),
    "convert": _convert,
    "reduce-precision": lambda _step, operands: operands[0],
    "dot": lambda step, operands: dot(step, operands, _product),
    "convolution": lambda step, operands: convolution(step, operands, _product, zero_padded),
    "reduce": _reduce,
    "reduce-window": _window,
    "scatter": _scatter,
}
