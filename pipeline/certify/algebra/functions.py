"""Floating elementwise opcodes over the field."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipeline.certify.algebra import field
from pipeline.certify.algebra.field import P
from pipeline.certify.program.interpret.walk import Array, Unsupported

Function = Callable[[Array, int], Array]


def _root(value: Array, salt: int) -> Array:
    """√x, an unknown; √0 = 0."""
    return np.where(value == 0, 0, field.uninterpreted("sqrt", value, salt))


def _logarithm(value: Array, salt: int) -> Array:
    if not np.all(value):
        raise Unsupported("a logarithm of something that is always zero")
    return np.where(value == 1, 0, field.uninterpreted("log", value, salt))


def _tanh(value: Array, salt: int) -> Array:
    """(e^2x − 1) / (e^2x + 1)."""
    double = field.exponential((2 * value) % P, salt)
    return field.multiply((double - 1) % P, field.inverse((double + 1) % P))


def _logistic(value: Array, salt: int) -> Array:
    """1 / (1 + e^−x)."""
    return field.inverse((1 + field.exponential((-value) % P, salt)) % P)


def _power(base: Array, exponent: Array, salt: int) -> Array:
    """Small whole exponents and halves are what they are; anything else is an unknown of both."""
    exponents = np.unique(exponent)
    if exponents.size == 1:
        for whole in range(9):
            if int(exponents[0]) == whole:
                return field.power(base, whole)
        half = pow(2, P - 2, P)
        if int(exponents[0]) == half:
            return _root(base, salt)
        if int(exponents[0]) == P - half:
            return field.inverse(_root(base, salt))
    mixed = (field.uninterpreted("power base", base, salt) + field.uninterpreted("power exponent", exponent, salt)) % P
    return field.uninterpreted("power", mixed, salt)


def _minimum(left: Array, right: Array, salt: int) -> Array:
    return np.asarray((left + right - field.maximum(left, right, salt)) % P)


def _clamp(low: Array, value: Array, high: Array, salt: int) -> Array:
    return _minimum(field.maximum(value, low, salt), high, salt)


def _unknown(name: str) -> Function:
    return lambda value, salt: field.uninterpreted(name, value, salt)


def _odd(name: str) -> Function:
    return lambda value, salt: field.odd(name, value, salt)


# Opcodes that are rational functions, or are always true.
RATIONAL: Mapping[str, Callable[..., Array]] = {
    "add": lambda left, right: np.asarray((left + right) % P),
    "subtract": lambda left, right: np.asarray((left - right) % P),
    "multiply": field.multiply,
    "divide": lambda left, right: field.multiply(left, field.inverse(right)),
    "negate": lambda value: np.asarray((-value) % P),
    "is-finite": lambda value: np.ones(np.shape(value), bool),
}
# Opcodes with unknown functions in them; the last argument is the salt that picks their values.
UNKNOWN: Mapping[str, Callable[..., Array]] = {
    "maximum": field.maximum,
    "minimum": _minimum,
    "clamp": _clamp,
    "abs": lambda value, salt: (2 * field.rectified(value, salt) - value) % P,
    "sign": lambda value, salt: np.where(value == 0, 0, (2 * field.positive(value, salt, at_zero=0) - 1) % P),
    "exponential": field.exponential,
    "exponential-minus-one": lambda value, salt: (field.exponential(value, salt) - 1) % P,
    "log": _logarithm,
    "log-plus-one": lambda value, salt: _logarithm((value + 1) % P, salt),
    "sqrt": _root,
    "rsqrt": lambda value, salt: field.inverse(_root(value, salt)),
    "logistic": _logistic,
    "tanh": _tanh,
    "power": _power,
    "sine": _odd("sine"),
    "cosine": lambda value, salt: field.even("cosine", value, salt, 1),
    "erf": _odd("erf"),
    "tan": _odd("tan"),
    "cbrt": _odd("cbrt"),
    "floor": _unknown("floor"),
    "ceil": _unknown("ceil"),
    "round-nearest-even": _odd("round-nearest-even"),
    "round-nearest-afz": _odd("round-nearest-afz"),
}


def compare(direction: str, left: Array, right: Array, salt: int) -> Array:
    """A floating comparison as an unknown 0/1 number; certain where the two are always equal."""
    difference = (left - right) % P
    match direction:
        case "GT" | "GE":
            return field.positive(difference, salt, at_zero=int(direction == "GE"))
        case "LT" | "LE":
            return field.positive((-difference) % P, salt, at_zero=int(direction == "LE"))
        case "EQ":
            return field.even("equal", difference, salt, 1)
        case "NE":
            return np.asarray((1 - field.even("equal", difference, salt, 1)) % P)
        case _:
            raise Unsupported(f"compare {direction}")


def logic(opcode: str, operands: list[Any]) -> Array:
    """Predicates of which some are unknown 0/1 numbers, as polynomials."""
    numbers = [np.asarray(operand).astype(np.int64) for operand in operands]
    match opcode, numbers:
        case "not", [value]:
            return np.asarray((1 - value) % P)
        case "and", [left, right]:
            return field.multiply(left, right)
        case "or", [left, right]:
            return np.asarray((left + right - field.multiply(left, right)) % P)
        case _:
            raise Unsupported(f"{opcode} of floating comparisons")
