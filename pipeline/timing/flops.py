"""Floating-point operations of a compiled program.

An elementwise operation is one per element, transcendental functions too; a dot or convolution two per product; a
reduction or scatter what its function takes for every element that it folds in.  Integers and comparisons are none.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pipeline.timing.hlo import Hlo, UncountedError, elements, is_float, operands, trips

ELEMENTWISE = frozenset(
    (
        *("add", "subtract", "multiply", "divide", "power", "remainder", "maximum", "minimum", "atan2"),
        *("negate", "abs", "sign", "floor", "ceil", "round-nearest-afz", "round-nearest-even"),
        *("sqrt", "rsqrt", "cbrt", "exponential", "exponential-minus-one", "log", "log-plus-one"),
        *("logistic", "tanh", "tan", "sine", "cosine", "erf"),
    )
)
# The operation, its computation, and what each computation that it calls takes.
Rule = Callable[[Any, Any, list[int]], int]


def flops(hlo: Hlo, computation: Any = None) -> int:
    """Of the program, or of one of its computations.  Raises UncountedError."""
    computation = computation if computation is not None else hlo.entry
    return sum(_instruction(hlo, computation, each) for each in computation.instructions)


def _instruction(hlo: Hlo, computation: Any, instruction: Any) -> int:
    name = instruction.opcode
    if name in ELEMENTWISE:
        return elements(instruction.shape) if is_float(instruction.shape) else 0
    if name in ("custom-call", "fft", "cholesky", "triangular-solve"):
        raise UncountedError(f"{name} {instruction.custom_call_target}".strip())
    rule = _RULES.get(name)
    return rule(instruction, computation, [flops(hlo, each) for each in hlo.called(instruction)]) if rule else 0


def _once(_instruction: Any, _computation: Any, inside: list[int]) -> int:
    return sum(inside)


def _longest(_instruction: Any, _computation: Any, inside: list[int]) -> int:
    return max(inside, default=0)


def _loop(instruction: Any, _computation: Any, inside: list[int]) -> int:
    return sum(inside) * trips(instruction) if sum(inside) else 0


def _each(instruction: Any, _computation: Any, inside: list[int]) -> int:
    return sum(inside) * elements(instruction.shape)


def _dot(instruction: Any, computation: Any, _inside: list[int]) -> int:
    left = operands(computation, instruction)[0].shape.dimensions
    contracted = math.prod(left[axis] for axis in instruction.dot_dimension_numbers.lhs_contracting_dimensions)
    return int(2 * elements(instruction.shape) * contracted)


def _convolution(instruction: Any, computation: Any, _inside: list[int]) -> int:
    """Every output is a sum over the kernel of one feature."""
    kernel = operands(computation, instruction)[1].shape.dimensions
    features = kernel[instruction.convolution_dimension_numbers.kernel_output_feature_dimension]
    return int(2 * elements(instruction.shape) * math.prod(kernel) // features)


def _reduce(instruction: Any, computation: Any, inside: list[int]) -> int:
    array = operands(computation, instruction)[0].shape
    out = instruction.shape.tuple_shapes[0] if instruction.shape.tuple_shapes else instruction.shape
    return sum(inside) * (elements(array) - elements(out))


def _reduce_window(instruction: Any, _computation: Any, inside: list[int]) -> int:
    window = math.prod(dimension.size for dimension in instruction.window.dimensions)
    return int(sum(inside) * elements(instruction.shape) * (window - 1))


def _scatter(instruction: Any, computation: Any, inside: list[int]) -> int:
    return sum(inside) * elements(operands(computation, instruction)[-1].shape)


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "call": _once,
        "fusion": _once,
        "conditional": _longest,
        "while": _loop,
        "map": _each,
        "dot": _dot,
        "convolution": _convolution,
        "reduce": _reduce,
        "reduce-window": _reduce_window,
        "scatter": _scatter,
    }
)
