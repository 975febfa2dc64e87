"""Numbers and lists as people read them, in every sentence and table."""

import math
from collections.abc import Sequence

MINUS = "−"


def number(value: float, digits: int = 3) -> str:
    """`digits` significant digits; scientific below a thousandth and from a hundred thousand: 0.0123, 4.1e−7, 0."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("+∞" if value > 0 else f"{MINUS}∞")
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.{digits}g}".replace("-", MINUS) if abs(value) < 1000 else f"{value:.0f}".replace("-", MINUS)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}".replace("-", MINUS)


def signed(value: float, digits: int = 3) -> str:
    """`number` with its sign: +0.0123, −4.1e−7, 0."""
    return f"+{number(value, digits)}" if value > 0 and math.isfinite(value) else number(value, digits)


def count(amount: int, noun: str) -> str:
    """`1 seed`, `5 seeds`."""
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


def listed(words: Sequence[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    texts = [str(word) for word in words]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""


def shortened(text: str, limit: int = 140) -> str:
    """One line without its full stop, cut where it is long."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
