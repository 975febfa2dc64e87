"""What trained variables say: whether the replicas hold the same, and whether two runs of one training came out alike.

A share is of the variable's size.  Every loss is scaled to gradients of at most 1, so that rounding has a known size.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.certify.distribution.steps import Array, Trained
from pipeline.certify.values.errors import same_bits
from pipeline.certify.values.judge import PERSISTING_SHARE
from pipeline.certify.weights import is_float

Runs = Mapping[str, Trained]  # by optimizer
# Of the pair's tolerance: 1e-6 and 1e-5 in float32.  Adam divides by the root of a small square.
SHARES: Mapping[str, float] = {"sgd": 1 / 8, "adam": 5 / 4}
# Drawn weights are of this size or larger; one alone may be drawn near zero.
LEAST_SIZE = 0.1


@dataclass(frozen=True)
class Apart:
    """Two values of one variable after some steps of an optimizer.  `excess` is the share in tolerances."""

    role: str
    optimizer: str
    difference: float
    share: float
    excess: float


def between_replicas(runs: Runs) -> Apart:
    """The variable of which two replicas' own values are furthest apart; no bit may differ."""
    pairs = (
        _apart(role, name, copies[0], other, run.before[role], 0.0)
        for name, run in runs.items()
        for role, copies in run.copies.items()
        for other in copies[1:]
    )
    return _worst(pairs)


def between_runs(first: Runs, second: Runs, tolerance: float) -> Apart:
    """The variable that two runs of one training leave furthest apart."""
    pairs = (
        _apart(role, name, first[name].after[role], second[name].after[role], before, SHARES[name] * tolerance)
        for name, run in first.items()
        for role, before in run.before.items()
    )
    return _worst(pairs)


def is_rounding(narrow: Apart, wide: Apart) -> bool:
    """Whether a gap shrinks in float64, as rounding does and a difference does not."""
    return wide.share < PERSISTING_SHARE * narrow.share


def _worst(found: Iterator[Apart]) -> Apart:
    return max(found, key=lambda each: (each.excess, each.share), default=Apart("", "", 0.0, 0.0, 0.0))


def _apart(role: str, optimizer: str, first: Array, second: Array, before: Array, limit: float) -> Apart:
    if same_bits([first], [second]):
        return Apart(role, optimizer, 0.0, 0.0, 0.0)
    wide = [array.astype(np.float64) for array in (first, second, before)]
    with np.errstate(invalid="ignore"):
        difference = float(np.nan_to_num(np.abs(wide[0] - wide[1]), nan=np.inf).max())
    size = max(LEAST_SIZE, *(float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in wide))
    share = difference / size if is_float(first) else np.inf
    return Apart(role, optimizer, difference, share, share / limit if limit else np.inf)
