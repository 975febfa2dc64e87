"""Tests of one metric against its margin, in either of a margin's two forms.  S seeds.

A margin in standard deviations of the baseline arm is known only as well as that deviation.  To put the sample's own
in its place makes "equivalent" far too easy: see docs/verdicts.md.  So the test at level q is made against a bound of
the deviation that holds at the same q for a normal metric: a lower bound for "equivalent", an upper one for
"different".  The p value is the q at which that test just rejects.  Its error is at most 2q, one q for each of the two
that may be wrong; simulated, it is below q, because both rarely have to be.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from scipy import optimize, special

from pipeline.analysis.pairing import EvidenceError, PairedMetric
from pipeline.analysis.statistics import Floats, beyond_p, tost_p
from pipeline.records import Margin, read_margin

_NEAR_ZERO = 1e-12  # no test here is at a level as small as that
_EQUALLY_LIKELY = np.linspace(0.025, 0.975, 20)  # the middles of 20 equal parts


def margin_of(metric: str, margins: Mapping[str, float | str], where: str) -> Margin:
    """The margin fixed in the config.  Raises EvidenceError if there is none: it can't be chosen afterwards."""
    if metric not in margins:
        remedy = f"set margins.{metric} in the config and run in a fresh directory"
        raise EvidenceError(where, f"no margin was fixed for the metric {metric}", remedy)
    return read_margin(margins[metric])


def margin_size(metric: PairedMetric, margin: Margin) -> float:
    """The margin in the metric's unit, as these seeds have it; 0 for one of standard deviations on one seed."""
    return margin.size * (deviation(metric.baseline_S) if margin.of_sd else 1.0)


def within_p(metric: PairedMetric, margin: Margin) -> float:
    """Small means that the mean difference lies within the margin."""
    return _p(metric, margin, tost_p, lower_bound)


def beyond_margin_p(metric: PairedMetric, margin: Margin) -> float:
    """Small means that the mean difference lies beyond the margin."""
    return _p(metric, margin, beyond_p, upper_bound)


def tested_sizes(metric: PairedMetric, margin: Margin, seeds: int, level: float, *, within: bool) -> Floats:
    """What so many seeds would test against at `level` if the baseline's deviation is what it is here.

    One size, or where the seeds decide it, equally likely ones.
    """
    size = margin_size(metric, margin)
    if not margin.of_sd:
        return np.array([size])
    bound = (lower_bound if within else upper_bound)(seeds, level)
    deviations: Floats = np.sqrt(_chi2_below(_EQUALLY_LIKELY, seeds - 1) / (seeds - 1))
    return size * bound * deviations


def deviation(values_S: Floats) -> float:
    """The sample's standard deviation; 0 for one value, and exactly 0 for equal ones."""
    return 0.0 if len(values_S) < 2 or np.ptp(values_S) == 0.0 else float(np.std(values_S, ddof=1))


def lower_bound(seeds: int, level: float) -> float:
    """Times the sample's deviation, that of a normal population is below it with probability `level`."""
    return math.sqrt((seeds - 1) / float(special.chdtri(seeds - 1, level)))


def upper_bound(seeds: int, level: float) -> float:
    """Times the sample's deviation, that of a normal population is above it with probability `level`."""
    return math.sqrt((seeds - 1) / float(_chi2_below(level, seeds - 1)))


def _chi2_below(probability: Floats | float, degrees: int) -> Floats:
    """The value below which chi squared is with this probability."""
    found: Floats = 2 * special.gammaincinv(degrees / 2, probability)
    return found


def _p(
    metric: PairedMetric,
    margin: Margin,
    test: Callable[[Floats, float], float],
    bound: Callable[[int, float], float],
) -> float:
    difference_S, size = metric.difference_S, margin_size(metric, margin)
    if not margin.of_sd or size == 0.0:
        return test(difference_S, size)

    def excess(level: float) -> float:
        return test(difference_S, size * bound(len(difference_S), level)) - level

    if excess(_NEAR_ZERO) <= 0.0:
        return 0.0
    if excess(0.5) >= 0.0:
        return 1.0
    return float(optimize.brentq(excess, _NEAR_ZERO, 0.5))
