"""The statistics of paired differences, candidate minus baseline.  S seeds; every function takes an array, no file.

An interval covers 1 - ALPHA.  A claim, "equivalent" or "different", is a one-sided test at LEVEL.
docs/verdicts.md has what benchmarks/verdict_rates.py found about them.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

ALPHA = 0.05
LEVEL = 0.015  # so few seeds can't show that differences are skewed; at skewness 1 a claim is still false in ≤ ALPHA


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
    return t_above((margin - abs(mean)) / error, seeds - 1)


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
    return t_above((mean - margin) / error, seeds - 1)


def t_interval(differences_S: Floats) -> tuple[float, float]:
    """Student's interval of the mean.  Without spread, or with one seed, it is the value itself, twice."""
    mean, error = float(np.mean(differences_S)), _standard_error(differences_S)
    if error == 0.0:
        return mean, mean
    reach = t_exceeded(ALPHA / 2, len(differences_S) - 1) * error
    return mean - reach, mean + reach


def t_above(value: float, degrees: int) -> float:
    """The probability that Student's t is above a value.  scipy.stats is the same number, a hundred times slower."""
    return float(special.stdtr(degrees, -value))


def t_exceeded(level: float, degrees: int) -> float:
    """The value that Student's t exceeds with probability `level`."""
    return -float(special.stdtrit(degrees, level))


def seeds_for_sign_flip() -> int:
    """The least number of seeds with which resampling.sign_flip_p can reach ALPHA."""
    return math.ceil(1 - math.log2(ALPHA))


def _standard_error(differences_S: Floats) -> float:
    """Of the mean; exactly 0 where there is one value, or all are equal, which floating point does not promise."""
    if np.ptp(differences_S) == 0.0:
        return 0.0
    return float(np.std(differences_S, ddof=1)) / math.sqrt(len(differences_S))
