"""Floating elementwise opcodes in long double.  NumPy's long double functions are C's; erf comes from mpmath."""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np

from pipeline.certify.program.interpret.walk import Array, Unsupported

_ERF_DIGITS = 25
_MOST_ERF = 20_000  # elements: mpmath takes some 20 µs each


def _erf(value: Array) -> Array:
    if value.size > _MOST_ERF:
        raise Unsupported(f"erf of more than {_MOST_ERF} elements")
    with mpmath.workdps(_ERF_DIGITS):
        found = [_one_erf(number) for number in value.reshape(-1)]
    return np.array(found, np.longdouble).reshape(value.shape)


def _one_erf(number: Any) -> np.longdouble:
    if not np.isfinite(number):
        return np.longdouble(np.sign(number))
    high = float(number)
    exact = mpmath.mpf(high) + mpmath.mpf(float(number - np.longdouble(high)))
    return np.longdouble(mpmath.nstr(mpmath.erf(exact), _ERF_DIGITS))


def _away_from_zero(value: Array) -> Array:
    return np.asarray(np.copysign(np.floor(np.abs(value) + np.longdouble(0.5)), value))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "acos": np.arccos,
    "acosh": np.arccosh,
    "add": np.add,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan2": np.arctan2,
    "atanh": np.arctanh,
    "cbrt": np.cbrt,
    "ceil": np.ceil,
    "clamp": lambda low, value, high: np.minimum(np.maximum(value, low), high),
    "cosh": np.cosh,
    "cosine": np.cos,
    "divide": np.divide,
    "erf": _erf,
    "exponential": np.exp,
    "exponential-minus-one": np.expm1,
    "floor": np.floor,
    "is-finite": np.isfinite,
    "log": np.log,
    "log-plus-one": np.log1p,
    "logistic": lambda value: 1 / (1 + np.exp(-value)),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "multiply": np.multiply,
    "negate": np.negative,
    "power": np.power,
    "remainder": np.fmod,
    "round-nearest-afz": _away_from_zero,
    "round-nearest-even": np.rint,
    "rsqrt": lambda value: 1 / np.sqrt(value),
    "sign": np.sign,
    "sine": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "subtract": np.subtract,
    "tan": np.tan,
    "tanh": np.tanh,
}
