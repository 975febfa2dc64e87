"""What the arms are tried on: fixed adversarial batches, and a strategy for a search.

B batch, rows of one input each.  `low`, `high` bound the declared values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipeline.records import InputSpec

Array = npt.NDArray[Any]
BATCH = 4
GRID = 4096  # steps across the declared range


@dataclass(frozen=True)
class Batch:
    """One batch, one array per input.  `declared`: every value is finite and within its input's bounds."""

    name: str
    arrays: tuple[Array, ...]
    declared: bool


Fill = Callable[[InputSpec, np.random.Generator, int], Array]


def random_fill(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    """(B, *shape), uniform over the declared values."""
    shape = (batch, *spec.shape)
    if is_integer(spec):
        return rng.integers(int(spec.low), int(spec.high), shape, endpoint=True)
    return rng.uniform(spec.low, spec.high, shape)


def is_integer(spec: InputSpec) -> bool:
    """Whether the input holds ids, counts or flags rather than measurements."""
    return not spec.dtype.startswith(("float", "bfloat"))


def _constant(value: Callable[[InputSpec], float]) -> Fill:
    return lambda spec, _, batch: np.full((batch, *spec.shape), value(spec))


def _equal_rows(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    return np.repeat(random_fill(spec, rng, 1), batch, axis=0)


def _repeated(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    few = random_fill(spec, rng, 1).ravel()[:2]
    return rng.choice(few if few.size else np.array([spec.low]), (batch, *spec.shape))


def _one_row_at_low(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    rows = random_fill(spec, rng, batch)
    rows[0] = max(spec.low, min(0.0, spec.high))
    return rows


def _spike(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    rows = np.full((batch, *spec.shape), max(spec.low, min(0.0, spec.high)))
    rows.reshape(batch, -1)[:, :1] = random_fill(spec, rng, batch).reshape(batch, -1)[:, :1]
    return rows


def _scaled(scale: float) -> Fill:
    def fill(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
        values = random_fill(spec, rng, batch)
        return values if is_integer(spec) else values * scale

    return fill


def _ascending(spec: InputSpec, _: np.random.Generator, batch: int) -> Array:
    size = batch * int(np.prod(spec.shape, dtype=np.int64))
    line = np.linspace(spec.low, spec.high, size).reshape(batch, *spec.shape)
    return np.floor(line) if is_integer(spec) else line


def _halves(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
    """Whole and half numbers within -8..8 in turn: rounding and thresholds have their ties there."""
    low, high = np.ceil(2 * max(spec.low, -8.0)), np.floor(2 * min(spec.high, 8.0))
    if is_integer(spec) or high < low:
        return random_fill(spec, rng, batch)
    size = batch * int(np.prod(spec.shape, dtype=np.int64))
    steps: Array = low + np.arange(size) % (high - low + 1)
    return steps.reshape(batch, *spec.shape) / 2


def _some(value: float) -> Fill:
    """Random values with every third one replaced, in float inputs."""

    def fill(spec: InputSpec, rng: np.random.Generator, batch: int) -> Array:
        rows = random_fill(spec, rng, batch)
        if not is_integer(spec):
            rows.reshape(-1)[::3] = value
        return rows

    return fill


FIXED: Mapping[str, Fill] = {
    "random": random_fill,
    "zeros": _constant(lambda _: 0.0),
    "minus zero": _constant(lambda _: -0.0),
    "lowest": _constant(lambda spec: spec.low),
    "highest": _constant(lambda spec: spec.high),
    "ones": _constant(lambda _: 1.0),
    "equal rows": _equal_rows,
    "repeated": _repeated,
    "one row of padding": _one_row_at_low,
    "one element": _spike,
    "ascending": _ascending,
    "halves": _halves,
    "small": _scaled(1e-4),
    "wide": _scaled(1e4),
    "denormal": _scaled(1e-40),
    "some infinite": _some(np.inf),
    "some minus infinite": _some(-np.inf),
    "some nan": _some(np.nan),
}


def fixed_batches(inputs: Sequence[InputSpec], seed: int) -> Iterator[Batch]:
    """Every fixed batch once, those within the declared inputs first; none twice."""
    seen: set[bytes] = set()
    batches = [_batch(name, fill, inputs, seed) for name, fill in FIXED.items()]
    for batch in sorted(batches, key=lambda each: not each.declared):
        key = b"".join(array.tobytes() for array in batch.arrays)
        if key not in seen:
            seen.add(key)
            yield batch


def _batch(name: str, fill: Fill, inputs: Sequence[InputSpec], seed: int) -> Batch:
    rng = np.random.default_rng([seed, len(name)])
    return as_batch(name, [fill(spec, rng, BATCH) for spec in inputs], inputs)


def as_batch(name: str, arrays: Sequence[Array], inputs: Sequence[InputSpec]) -> Batch:
    """The arrays in the dtype of their input."""
    with np.errstate(over="ignore", invalid="ignore"):
        typed = tuple(_typed(array, spec) for array, spec in zip(arrays, inputs, strict=True))
    declared = all(_declared(array, spec) for array, spec in zip(typed, inputs, strict=True))
    return Batch(name, typed, declared)


def _typed(array: Array, spec: InputSpec) -> Array:
    if is_integer(spec):  # ids outside their range are the lifecycle level's business
        array = np.clip(array, spec.low, spec.high)
    return array.astype("float32" if spec.dtype == "bfloat16" else spec.dtype)


def _declared(array: Array, spec: InputSpec) -> bool:
    wide = array.astype(np.float64)
    return bool(np.all((wide >= spec.low) & (wide <= spec.high)))


def random_batch(inputs: Sequence[InputSpec], rng: np.random.Generator, size: int) -> Batch:
    """A batch uniform over the declared values."""
    return as_batch(f"random, {size} rows", [random_fill(spec, rng, size) for spec in inputs], inputs)


def batch_strategy(inputs: Sequence[InputSpec], size: int) -> st.SearchStrategy[tuple[Array, ...]]:
    """Batches within the declared inputs, shrinking towards zero or the lowest id.

    Floats lie on a grid: side by side, 1 and 1e-28 only show what rounding absorbs, in float64 as well.
    """
    return st.tuples(*(_array_strategy(spec, size) for spec in inputs))


def _array_strategy(spec: InputSpec, size: int) -> st.SearchStrategy[Array]:
    shape = (size, *spec.shape)
    if is_integer(spec):
        return hnp.arrays(np.dtype(spec.dtype), shape, elements=st.integers(int(spec.low), int(spec.high)))
    origin, step = max(spec.low, min(0.0, spec.high)), 2.0 ** np.floor(np.log2((spec.high - spec.low) / GRID or 1.0))
    steps = st.integers(int(np.ceil((spec.low - origin) / step)), int(np.floor((spec.high - origin) / step)))
    return hnp.arrays(np.dtype(np.int64), shape, elements=steps).map(lambda counts: origin + counts * step)
