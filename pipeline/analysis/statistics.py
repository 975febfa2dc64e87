"""The statistics of paired differences, candidate minus baseline.  S seeds; every function takes an array, no file.

A test has level ALPHA; an interval covers 1 - ALPHA.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

ALPHA = 0.05
POWER = 0.8
RESAMPLES = 9_999
MOST_SEEDS = 1_000  # beyond this, "more seeds" is no advice


def tost_p(differences_S: Floats, margin: float) -> float:
    """The p value of two one-sided paired t tests: small means that the mean lies within ±margin.

    One seed tells nothing: 1.  Without any spread the t statistic has no value and p is its limit: 0 within the
    margin, else 1.  Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680.
    """
    seeds = len(differences_S)
    if seeds < 2:
        return 1.0
    mean, error = float(np.mean(differences_S)), _standard_error(differences_S)
    if error == 0.0:
        return 0.0 if abs(mean) < margin else 1.0
    return float(stats.t.sf((margin - abs(mean)) / error, seeds - 1))


def beyond_p(differences_S: Floats, margin: float) -> float:
    """The p value of one one-sided paired t test: small means that the mean lies beyond the nearer end of ±margin.

    One seed tells nothing: 1.  Without any spread it is the limit: 0 beyond the margin, else 1.
    """
    seeds = len(differences_S)
    if seeds < 2:
        return 1.0
    mean, error = abs(float(np.mean(differences_S))), _standard_error(differences_S)
    if error == 0.0:
        return 0.0 if mean > margin else 1.0
    return float(stats.t.sf((mean - margin) / error, seeds - 1))


def bca_interval(differences_S: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """The BCa bootstrap interval of the mean.  Without spread, or with one seed, it is the value itself, twice.

    Efron (1987), J. Am. Stat. Assoc. 82, 171-185.  With few seeds it is too narrow: in 1,000
    simulated normal samples of 3, 5 and 10 seeds it held the true mean in 69, 85 and 90 % (nominal: 95 %).
    """
    if np.ptp(differences_S) == 0.0:
        return float(differences_S[0]), float(differences_S[0])
    result = stats.bootstrap(
        (differences_S,), np.mean, confidence_level=1 - ALPHA, n_resamples=RESAMPLES, method="BCa", rng=rng
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def sign_flip_p(differences_S: Floats, rng: np.random.Generator) -> float:
    """The two-sided p value of "the mean is zero" when every sign is as likely as its opposite; exact to 13 seeds.

    It can't fall below 2 of the 2**S sign patterns: three seeds never reach .05, six do.
    """
    if not np.any(differences_S) or len(differences_S) < 2:
        return 1.0
    result = stats.permutation_test(
        (differences_S,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True, rng=rng
    )
    return float(result.pvalue)


def seeds_for_sign_flip() -> int:
    """The least number of seeds with which `sign_flip_p` can reach ALPHA."""
    return math.ceil(1 - math.log2(ALPHA))


def seeds_needed(differences_S: Floats, margin: float) -> int:
    """About how many seeds in all would decide, with power POWER, if mean and spread stay as they are; 0: unknown.

    Within the margin it is the size for TOST, beyond it the size for an interval that clears the margin.  Power by
    the shifted t distribution, as in Julious (2004), Stat. Med. 23, 1921-1986.
    """
    if len(differences_S) < 2:
        return 0
    deviation, mean = float(np.std(differences_S, ddof=1)), abs(float(np.mean(differences_S)))
    if deviation == 0.0 or mean == margin:
        return 0
    near, far = (margin - mean) / deviation, (margin + mean) / deviation
    return next((n for n in range(2, MOST_SEEDS + 1) if _power(n, near, far) >= POWER), 0)


def _power(seeds: int, near: float, far: float) -> float:
    """Of so many seeds, given the mean's distances to both ends of the margin in standard deviations."""
    degrees, root = seeds - 1, math.sqrt(seeds)
    if near < 0:
        return float(stats.t.cdf(-near * root - stats.t.ppf(1 - ALPHA / 2, degrees), degrees))
    critical = stats.t.ppf(1 - ALPHA, degrees)
    return float(np.sum(stats.t.cdf(np.array([near, far]) * root - critical, degrees)) - 1.0)


def _standard_error(differences_S: Floats) -> float:
    """Of the mean; exactly 0 where all values are equal, which floating point alone does not promise."""
    if np.ptp(differences_S) == 0.0:
        return 0.0
    return float(np.std(differences_S, ddof=1)) / math.sqrt(len(differences_S))
