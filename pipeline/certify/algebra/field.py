"""Arithmetic in the field of P = 2^31 − 1 elements, on int64 arrays of values 0 … P − 1.

Functions that are no rational functions get random but fixed values ("uninterpreted").  Where such a function is odd,
even or 1 at 0, its values are too: one of x and −x, the smaller, stands for both.
"""

import hashlib
from fractions import Fraction

import numpy as np

from pipeline.certify.program.interpret.walk import Array, Unsupported

P = 2**31 - 1
_HALF = P // 2
_SMALL = 64  # a literal with more elements than this is read bit by bit, not as ratios


def multiply(left: Array, right: Array) -> Array:
    """Products; each fits 62 bits before it is reduced."""
    return np.asarray((left * right) % P)


def power(base: Array, exponent: int) -> Array:
    """Repeated squaring."""
    result, square = np.ones_like(base), base
    while exponent:
        if exponent & 1:
            result = multiply(result, square)
        square = multiply(square, square)
        exponent >>= 1
    return result


def inverse(value: Array) -> Array:
    """1 / x.  Raises Unsupported where x is zero: a real program would divide by zero everywhere."""
    if not np.all(value):
        raise Unsupported("a division by something that is always zero")
    return power(value, P - 2)


def matrix_product(left: Array, right: Array) -> Array:
    """(batch, M, K) by (batch, K, N), exactly, through float64: halves of 16 bits keep every sum below 2^53."""
    if left.shape[-1] >= 2**20:
        raise Unsupported("a dot product of more than a million terms")
    left_low, left_high = _halves(left)
    right_low, right_high = _halves(right)
    high = _exact(left_high, right_high)
    middle = (_exact(left_high, right_low) + _exact(left_low, right_high)) % P
    low = _exact(left_low, right_low)
    return np.asarray((high * (2**32 % P) + middle * 2**16 + low) % P)


def _halves(value: Array) -> tuple[Array, Array]:
    return (value & 0xFFFF).astype(np.float64), (value >> 16).astype(np.float64)


def _exact(left: Array, right: Array) -> Array:
    return (left @ right).astype(np.int64) % P


def uninterpreted(name: str, value: Array, salt: int) -> Array:
    """A fixed random function of that name (splitmix64 of the value and the name)."""
    seed = int(hashlib.sha256(f"{name}/{salt}".encode()).hexdigest()[:15], 16)
    mixed = np.atleast_1d(value).astype(np.uint64) + np.uint64(seed)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed % np.uint64(P)).astype(np.int64).reshape(np.shape(value))


def odd(name: str, value: Array, salt: int) -> Array:
    """f(−x) = −f(x), f(0) = 0."""
    size, negative = _size(value)
    found = np.where(value == 0, 0, uninterpreted(name, size, salt))
    return np.where(negative, (-found) % P, found)


def even(name: str, value: Array, salt: int, at_zero: int) -> Array:
    """f(−x) = f(x)."""
    return np.where(value == 0, at_zero, uninterpreted(name, _size(value)[0], salt))


def exponential(value: Array, salt: int) -> Array:
    """exp(−x) = 1 / exp(x), exp(0) = 1."""
    size, negative = _size(value)
    found = np.where(value == 0, 1, uninterpreted("exponential", size, salt))
    return np.where(negative, inverse(np.where(found == 0, 1, found)), found)


def positive(value: Array, salt: int, *, at_zero: int) -> Array:
    """The step function 1[x > 0] as an unknown with 1[x > 0] + 1[−x > 0] = 1; `at_zero` where x is always zero."""
    size, negative = _size(value)
    found = uninterpreted("positive", size, salt)
    return np.where(value == 0, at_zero, np.where(negative, (1 - found) % P, found))


def rectified(value: Array, salt: int) -> Array:
    """max(x, 0) = x · 1[x > 0]."""
    return multiply(value, positive(value, salt, at_zero=0))


def maximum(left: Array, right: Array, salt: int) -> Array:
    """max(a, b) = b + max(a − b, 0)."""
    return np.asarray((right + rectified((left - right) % P, salt)) % P)


def _size(value: Array) -> tuple[Array, Array]:
    """One of x and −x, and whether it is −x."""
    negative = value > _HALF
    return np.where(negative, P - value, value), negative


def embed(values: Array, *, as_ratios: bool) -> Array:
    """Floating constants as field elements, infinities and NaN as unknowns of their own.

    `as_ratios`: a constant that is the rounding of a ratio with a denominator up to 1000, or of its own decimal digits,
    stands for that; it tells 1/6 · 6 to be 1.  No two constants of one type ever share an element.
    """
    flat = np.asarray(values).reshape(-1)
    if flat.size > _SMALL:
        return _embed_bits(flat).reshape(values.shape)
    elements = [_element(number, as_ratios) for number in flat]
    return np.array(elements, np.int64).reshape(values.shape)


def _element(number: np.generic, as_ratios: bool) -> int:
    if not np.isfinite(float(number)):
        return int(uninterpreted(f"constant {float(number)}", np.array(1), 0))
    ratio = _ratio(number) if as_ratios else Fraction(float(number))
    return ratio.numerator % P * pow(ratio.denominator % P, P - 2, P) % P


def _ratio(number: np.generic) -> Fraction:
    exact = Fraction(float(number))
    for candidate in (
        exact.limit_denominator(1000),
        Fraction(repr(number.item()) if number.itemsize == 8 else f"{number}"),
    ):
        if number.dtype.type(float(candidate)) == number:
            return candidate
    return exact


def _embed_bits(flat: Array) -> Array:
    """m · 2^e with m an integer of 53 bits, all at once."""
    wide = flat.astype(np.float64)
    if not np.isfinite(wide).all():
        raise Unsupported("a large constant with infinities or NaN")
    fraction, exponent = np.frexp(wide)
    integer = (fraction * 2.0**53).astype(np.int64) % P
    exponents, places = np.unique(exponent, return_inverse=True)
    powers = np.array([pow(2, (int(e) - 53) % (P - 1), P) for e in exponents], np.int64)
    return multiply(integer, powers[places.reshape(-1)])
