"""What the command line gives to a comparison.

`--inputs`: what goes into both arms, written `int32[20]{0..999}; float32[784]{-3..3}`, one input per `;`.
`--weights-map`: a file, YAML or JSON, that maps paths of the baseline's weights to the candidate's.
"""

import math
import re
from pathlib import Path

import yaml

from pipeline.errors import ConfigError
from pipeline.records import InputSpec

_INPUT = re.compile(r"(?P<dtype>\w+)\[(?P<shape>[^\]]*)\](?:\{(?P<range>[^}]*)\})?")
_FLOATS = ("float16", "bfloat16", "float32", "float64")
_INTEGERS = {
    "bool": (0, 1),
    "uint8": (0, 255),
    "int8": (-128, 127),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
_REMEDY = "write e.g. int32[20]{0..999}; float32[784]{-3..3}"
# A tag whose text is none of its values, `!!int x`, too.
_YAML_ERRORS = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)
_MOST_ELEMENTS = 2**24
_MOST_BYTES = 2**20  # of a weights map


def parse(text: str) -> tuple[InputSpec, ...]:
    """The inputs in order; shapes without the batch dimension, `[]` for one number per example.

    Without a range a float lies in -3..3 and a bool in 0..1; an integer needs one, because ids must fit a table.
    Raises ConfigError that quotes the part that does not parse.
    """
    parts = [part.strip() for part in text.split(";")]
    return tuple(_one(part) for part in parts)


def read_weights_map(path: Path) -> dict[str, str]:
    """Baseline path to candidate path.  Raises ConfigError where the file can't be read or is no such mapping."""
    where, remedy = f"--weights-map {path}", "write a line per weight, e.g. embed/embeddings: block/table"
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ConfigError(where, f"has more than {_MOST_BYTES} bytes", remedy)
        found = yaml.safe_load(content.decode("utf-8"))
    except OSError as problem:
        raise ConfigError(where, f"can't be read ({problem.strerror})", "name a YAML or JSON file") from None
    except _YAML_ERRORS as problem:
        raise ConfigError(where, f"is neither YAML nor JSON ({' '.join(str(problem).split())})", remedy) from None
    if not isinstance(found, dict) or not found:
        raise ConfigError(where, "is not a mapping", remedy)
    if not all(isinstance(path, str) for pair in found.items() for path in pair):
        raise ConfigError(where, "has a path that is not text", remedy)
    return found


def _one(part: str) -> InputSpec:
    found = _INPUT.fullmatch(part.replace(" ", ""))
    if not found:
        raise _error(part, "is not dtype[shape]{low..high}")
    dtype = found["dtype"]
    if dtype not in _FLOATS and dtype not in _INTEGERS:
        raise _error(part, f"unknown dtype {dtype!r}, use one of {', '.join((*_FLOATS, *_INTEGERS))}")
    return InputSpec(_shape(part, found["shape"]), dtype, *_range(part, dtype, found["range"]))


def _shape(part: str, text: str) -> tuple[int, ...]:
    sizes = [size for size in text.split(",") if size]
    if not all(size.isascii() and size.isdecimal() and len(size) < 10 and int(size) > 0 for size in sizes):
        raise _error(part, f"shape [{text}] is not whole numbers of 1 or more")
    shape = tuple(map(int, sizes))
    if math.prod(shape) > _MOST_ELEMENTS:
        raise _error(part, f"shape [{text}] has more than {_MOST_ELEMENTS} elements per example")
    return shape


def _range(part: str, dtype: str, text: str | None) -> tuple[float, float]:
    if text is None and dtype in _FLOATS:
        return -3.0, 3.0
    if text is None and dtype != "bool":
        raise _error(part, f"{dtype} needs a range, e.g. {dtype}[…]{{0..999}}")
    low_text, dots, high_text = (text or "0..1").partition("..")
    try:
        low, high = float(low_text), float(high_text)
    except ValueError:
        raise _error(part, f"range {{{text}}} is not low..high") from None
    if not dots or not math.isfinite(low) or not math.isfinite(high) or low > high:
        raise _error(part, f"range {{{text}}} is not low..high with finite low ≤ high")
    if dtype in _INTEGERS:
        least, most = _INTEGERS[dtype]
        if low != int(low) or high != int(high) or low < least or high > most:
            raise _error(part, f"range {{{text}}} is not whole numbers that {dtype} holds")
    return low, high


def _error(part: str, what: str) -> ConfigError:
    return ConfigError(f"--inputs {part!r}", what, _REMEDY)
