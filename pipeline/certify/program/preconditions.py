"""Integer intervals: what is known of an integer or predicate when the integer inputs keep to their declared ranges.

Sound in machine arithmetic: a result that could wrap has no interval.  Predicates count as 0 and 1.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.certify.program.literals import FLOATS, PREDICATE, numpy_type
from pipeline.certify.program.records import Program
from pipeline.records import InputSpec

Interval = tuple[int, int]


def declared(program: Program, specs: Sequence[InputSpec]) -> dict[int, Interval]:
    """The interval of each integer input, by parameter number."""
    found: dict[int, Interval] = {}
    for number, parameter in enumerate(program.parameters):
        if parameter.kind == "input" and np.dtype(parameter.dtype).kind in "iu":
            spec = specs[int(parameter.name)]
            found[number] = (math.ceil(spec.low), math.floor(spec.high))
    return found


def interval(opcode: str, element: int, operands: Sequence[Interval | None], direction: str = "") -> Interval | None:
    """The interval of an elementwise result, given those of its operands; None where nothing is known."""
    if element in FLOATS or numpy_type(element) is None:
        return None
    if opcode == "select":
        return _select(operands)
    if element == PREDICATE:
        return _predicate(opcode, operands, direction)
    known = [operand for operand in operands if operand is not None]
    rule = _RULES.get(opcode)
    return _within(element, rule(known)) if rule and len(known) == len(operands) else None


def _predicate(opcode: str, operands: Sequence[Interval | None], direction: str) -> Interval:
    known = [operand for operand in operands if operand is not None]
    if opcode in ("compare", "convert"):
        if len(known) < len(operands):
            return (0, 1)
        zero = (0, 0)
        return _compare(direction, *known) if opcode == "compare" else _compare("NE", known[0], zero)
    rule = _LOGIC.get(opcode)
    return rule([operand or (0, 1) for operand in operands]) if rule else (0, 1)


def _within(element: int, found: Interval | None) -> Interval | None:
    if found is None:
        return None
    limits = np.iinfo(numpy_type(element))
    return found if limits.min <= found[0] and found[1] <= limits.max else None


def _compare(direction: str, left: Interval, right: Interval) -> Interval:
    always, never = _ORDER[direction](left, right)
    return (1, 1) if always else (0, 0) if never else (0, 1)


def _equal(left: Interval, right: Interval) -> tuple[bool, bool]:
    apart = left[1] < right[0] or right[1] < left[0]
    return left[0] == left[1] == right[0] == right[1], apart


# direction: (certainly true, certainly false)
_ORDER: Mapping[str, Callable[[Interval, Interval], tuple[bool, bool]]] = {
    "LT": lambda left, right: (left[1] < right[0], left[0] >= right[1]),
    "LE": lambda left, right: (left[1] <= right[0], left[0] > right[1]),
    "GT": lambda left, right: (left[0] > right[1], left[1] <= right[0]),
    "GE": lambda left, right: (left[0] >= right[1], left[1] < right[0]),
    "EQ": _equal,
    "NE": lambda left, right: _equal(left, right)[::-1],
}


def _corners(operation: Callable[[int, int], int], known: Sequence[Interval]) -> Interval:
    values = [operation(left, right) for left in known[0] for right in known[1]]
    return min(values), max(values)


def _divide(known: Sequence[Interval]) -> Interval | None:
    (low, high), (least, most) = known
    return (low // most, high // least) if low >= 0 and least > 0 else None


def _remainder(known: Sequence[Interval]) -> Interval | None:
    (low, high), (least, most) = known
    if low < 0 or least <= 0:
        return None
    return (low, high) if high < least else (0, min(high, most - 1))


def _select(known: Sequence[Interval | None]) -> Interval | None:
    _, left, right = known
    return None if left is None or right is None else (min(left[0], right[0]), max(left[1], right[1]))


_LOGIC: Mapping[str, Callable[[Sequence[Interval]], Interval]] = {
    "and": lambda known: (min(known[0][0], known[1][0]), min(known[0][1], known[1][1])),
    "or": lambda known: (max(known[0][0], known[1][0]), max(known[0][1], known[1][1])),
    "not": lambda known: (1 - known[0][1], 1 - known[0][0]),
}
_RULES: Mapping[str, Callable[[Sequence[Interval]], Interval | None]] = {
    "add": lambda known: _corners(lambda left, right: left + right, known),
    "subtract": lambda known: _corners(lambda left, right: left - right, known),
    "multiply": lambda known: _corners(lambda left, right: left * right, known),
    "negate": lambda known: (-known[0][1], -known[0][0]),
    "divide": _divide,
    "remainder": _remainder,
    "maximum": lambda known: (max(known[0][0], known[1][0]), max(known[0][1], known[1][1])),
    "minimum": lambda known: (min(known[0][0], known[1][0]), min(known[0][1], known[1][1])),
    "clamp": lambda known: _RULES["minimum"]([_RULES["maximum"]([known[0], known[1]]) or known[1], known[2]]),
    "convert": lambda known: known[0],
    "sign": lambda known: (int(np.sign(known[0][0])), int(np.sign(known[0][1]))),
}
