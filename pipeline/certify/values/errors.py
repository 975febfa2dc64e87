"""How far apart two arrays are: scale-relative first, in units in the last place second.

ULPs mislead near cancellation (thousands at 1e-7 of the scale), so they are reported and never judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.certify.pair import Pair
from pipeline.certify.weights import is_float

Array = npt.NDArray[Any]
TINY = 1e-30
# A tensor far smaller than its companions is judged on this share of their scale: its own may be rounding noise.
COMPANION_SHARE = 1e-2
MOST_TOLERANCE = 0.1
COARSEST_FIRST = ("bfloat16", "float16", "float32", "float64")


@dataclass(frozen=True)
class Gap:
    """The worst disagreement in one group of arrays.  `relative` is inf where shapes, dtypes or non-finites differ."""

    relative: float
    scale: float
    ulps: float
    reason: str = ""


@dataclass
class Tally:
    """The worst of many comparisons.  `bitwise` as long as all of them showed the same bits, signs of zeros too."""

    count: int = 0
    bitwise: bool = True
    relative: float = 0.0
    ulps: float = 0.0

    def add(self, baseline: Sequence[Array], candidate: Sequence[Array], measured: Gap) -> None:
        """Counts one comparison of two groups of arrays, whose gap is known."""
        self.count += 1
        self.bitwise = self.bitwise and same_bits(baseline, candidate)
        self.relative, self.ulps = max(self.relative, measured.relative), max(self.ulps, measured.ulps)

    def details(self) -> Mapping[str, str | float | int | bool]:
        """For a finding that says that the arms agree."""
        shown = {"worst_relative_error": self.relative, "worst_ulps": self.ulps}
        finite = {name: float(value) if np.isfinite(value) else "infinite" for name, value in shown.items()}
        return {"bitwise": self.bitwise and self.count > 0, **finite}


def same_bits(baseline: Sequence[Array], candidate: Sequence[Array]) -> bool:
    """Whether two groups of arrays are the same, bit for bit; NaN equals NaN, and 0 is not -0."""
    return len(baseline) == len(candidate) and all(map(_same_bits, baseline, candidate))


def _same_bits(a: Array, b: Array) -> bool:
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if not is_float(a):
        return bool(np.array_equal(a, b))
    nan = np.isnan(a) & np.isnan(b)
    return bool(np.all(nan | ((a == b) & (np.signbit(a) == np.signbit(b)))))


def gap(baseline: Sequence[Array], candidate: Sequence[Array]) -> Gap:
    """The worst scale-relative gap over a group; NaN equals NaN, and an infinity equals itself."""
    if len(baseline) != len(candidate):
        return Gap(np.inf, 0.0, np.inf, f"{len(baseline)} against {len(candidate)} tensors")
    companions = max((_scale(a, b) for a, b in zip(baseline, candidate, strict=True) if is_float(a)), default=0.0)
    gaps = [_tensor_gap(a, b, COMPANION_SHARE * companions) for a, b in zip(baseline, candidate, strict=True)]
    return max(gaps, key=lambda each: each.relative, default=Gap(0.0, 0.0, 0.0))


def _tensor_gap(a: Array, b: Array, least_scale: float) -> Gap:
    if a.shape != b.shape or a.dtype != b.dtype:
        return Gap(np.inf, 0.0, np.inf, f"{a.dtype}{list(a.shape)} against {b.dtype}{list(b.shape)}")
    if not is_float(a):
        wrong = int(np.count_nonzero(a != b))
        return Gap(np.inf if wrong else 0.0, 1.0, 0.0, f"{wrong} of {a.size} elements differ" if wrong else "")
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    finite = np.isfinite(wide_a) & np.isfinite(wide_b)
    same = (wide_a == wide_b) | (np.isnan(wide_a) & np.isnan(wide_b))
    if not np.all(finite | same):
        return Gap(np.inf, 0.0, np.inf, "one is finite where the other is not")
    difference = np.abs(wide_a[finite] - wide_b[finite])
    scale = max(_scale(a, b), least_scale, TINY)
    return Gap(float(difference.max(initial=0.0)) / scale, scale, _ulps(a[finite], b[finite], difference))


def _scale(a: Array, b: Array) -> float:
    both = np.abs(np.concatenate([a.astype(np.float64).ravel(), b.astype(np.float64).ravel()]))
    return float(both[np.isfinite(both)].max(initial=0.0))


def _ulps(a: Array, b: Array, difference: Array) -> float:
    if a.dtype.name not in ("float16", "float32", "float64"):
        return 0.0
    spacing = np.spacing(np.maximum(np.abs(a), np.abs(b))).astype(np.float64)
    return float((difference / spacing).max(initial=0.0))


def tolerance(pair: Pair) -> float:
    """The scale-relative tolerance of a pair: its coarsest float dtype's, grown with the root of the work.

    Rounding errors of a sum over n terms grow like sqrt(n); n is the longest row that a weight or an input has.
    """
    names = {str(getattr(subject.model, "compute_dtype", "float32")) for subject in pair.subjects}
    names |= {spec.dtype for spec in pair.inputs if spec.dtype in pair.tolerances}
    base = next((pair.tolerances[name] for name in COARSEST_FIRST if name in names), pair.tolerances["float32"])
    return float(min(base * np.sqrt(max(_work(pair) / 16.0, 1.0)), max(MOST_TOLERANCE, base)))


def _work(pair: Pair) -> int:
    weights = [max(variable.shape, default=1) for variable in pair.baseline.variables]
    inputs = [int(np.prod(spec.shape, dtype=np.int64)) for spec in pair.inputs]
    return int(min(max([1, *weights, *inputs]), 4096))


def all_finite(arrays: Sequence[Array]) -> bool:
    """Whether every float in the group is finite."""
    return all(bool(np.isfinite(array.astype(np.float64)).all()) for array in arrays if is_float(array))


def profile(measured: Gap, limit: float) -> Mapping[str, str | float | int | bool]:
    """A gap for a finding's details."""
    details: dict[str, str | float | int | bool] = {
        "relative_error": float(measured.relative) if np.isfinite(measured.relative) else "infinite",
        "tolerance": float(limit),
        "scale": float(measured.scale),
        "ulps": float(measured.ulps) if np.isfinite(measured.ulps) else "infinite",
    }
    return {**details, "reason": measured.reason} if measured.reason else details
