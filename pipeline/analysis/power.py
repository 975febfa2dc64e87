"""How many seeds would decide.  S seeds."""

import math
from bisect import bisect_left

import numpy as np
from scipy import special

from pipeline.analysis.margins import deviation, margin_size, tested_sizes
from pipeline.analysis.pairing import PairedMetric
from pipeline.analysis.statistics import Floats, t_exceeded
from pipeline.records import Margin

POWER = 0.8
MOST_SEEDS = 1_000  # beyond this, "more seeds" is no advice


def seeds_needed(metric: PairedMetric, margin: Margin, level: float) -> int:
    """About how many seeds in all would decide at `level`, with power POWER, if mean and spread stay; 0: unknown.

    Within the margin it is the size for "equivalent", beyond it the size for "different".  Power by the shifted t
    distribution, as in Julious (2004), Stat. Med. 23, 1921-1986.
    """
    spread, mean = deviation(metric.difference_S), abs(float(np.mean(metric.difference_S)))
    within = mean < margin_size(metric, margin)
    if spread == 0.0 or mean == margin_size(metric, margin):
        return 0

    def enough(seeds: int) -> bool:
        sizes = tested_sizes(metric, margin, seeds, level, within=within)
        return _power(seeds, (sizes - mean) / spread, (sizes + mean) / spread, level, within=within) >= POWER

    seeds = bisect_left(range(MOST_SEEDS + 1), x=True, lo=2, key=enough)
    return seeds if seeds <= MOST_SEEDS else 0


def _power(seeds: int, near: Floats, far: Floats, level: float, *, within: bool) -> float:
    """Of so many seeds, given the mean's distances to both ends of equally likely margins, in standard deviations."""
    degrees, root = seeds - 1, math.sqrt(seeds)
    critical = t_exceeded(level, degrees)
    if not within:
        return float(np.mean(special.stdtr(degrees, -near * root - critical)))
    both_ends = special.stdtr(degrees, near * root - critical) + special.stdtr(degrees, far * root - critical) - 1.0
    return float(np.mean(np.maximum(0.0, both_ends)))
