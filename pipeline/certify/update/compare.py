"""Whether two arms moved alike: their difference, relative to how far the weights moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.certify.update.steps import Trained
from pipeline.certify.values.errors import COMPANION_SHARE, TINY, Gap, gap

Array = npt.NDArray[Any]
# Adam turns a gradient of pure rounding noise into a whole step, so such elements are left out and counted.
NOISE_SHARE = 1e-5


@dataclass(frozen=True)
class Apart:
    """How far two trained arms are apart.  `role` moved least alike; `noisy` elements were not judged."""

    role: str
    relative: float
    difference: float
    largest_update: float
    noisy: int
    slots: Gap


def compare(baseline: Trained, candidate: Trained) -> Apart:
    """The worst role.  Slots are judged where no gradient is mere noise and no weight is split."""
    noise = dict(_noise(baseline.largest_gradient, candidate.largest_gradient))
    moves = {role: _move(baseline, candidate, role) for role in noise}
    companions = max((move for move in moves.values()), default=0.0)
    judged = [_role(baseline, candidate, role, noise[role], companions) for role in noise]
    worst = max(judged, key=lambda each: each[1], default=("", 0.0, 0.0))
    noisy = sum(int(mask.sum()) for mask in noise.values())
    return Apart(worst[0], worst[1], worst[2], companions, noisy, _slots(baseline, candidate, noisy))


def _slots(baseline: Trained, candidate: Trained, noisy: int) -> Gap:
    if noisy:
        return Gap(0.0, 0.0, 0.0, "not judged: some are noise")
    if len(baseline.slots) != len(candidate.slots):
        return Gap(0.0, 0.0, 0.0, "not judged: one arm splits a weight, and its slots with it")
    return gap(baseline.slots, candidate.slots)


def _noise(baseline: Mapping[str, Array], candidate: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    largest = {role: np.maximum(baseline[role], candidate[role]) for role in baseline}
    scale = max((float(size.max(initial=0.0)) for size in largest.values()), default=0.0)
    for role, size in largest.items():
        yield role, (size > 0) & (size <= NOISE_SHARE * scale)


def _move(baseline: Trained, candidate: Trained, role: str) -> float:
    moved = [np.abs(arm.after[role].astype(np.float64) - arm.before[role]) for arm in (baseline, candidate)]
    return float(np.maximum(*moved).max(initial=0.0))


def _role(
    baseline: Trained, candidate: Trained, role: str, noise: Array, companions: float
) -> tuple[str, float, float]:
    first, second = (arm.after[role].astype(np.float64) for arm in (baseline, candidate))
    if not np.array_equal(np.isfinite(first), np.isfinite(second)):
        return role, np.inf, np.inf
    judged = np.isfinite(first) & ~noise
    difference = float(np.abs(first - second)[judged].max(initial=0.0))
    scale = max(_move(baseline, candidate, role), COMPANION_SHARE * companions, TINY)
    return role, difference / scale, difference
