"""What resampling the seeds says of their mean difference: shown beside the tests, and decides nothing.

S seeds, D drawn samples, F patterns of signs.  What is drawn depends on the number of seeds alone, so it is drawn once
for every metric of every cell: no interval depends on what else was measured.
"""

from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.analysis.statistics import ALPHA, Floats

DRAWS = 9_999
SEED = 20_240_229

Integers = npt.NDArray[np.integer]


@cache
def drawn(seeds: int) -> tuple[Integers, Floats]:
    """`places` and `signs` for so many seeds, always the same."""
    rng = np.random.default_rng(SEED)
    return places(seeds, rng), signs(seeds, rng)


def places(seeds: int, rng: np.random.Generator) -> Integers:
    """(D, S): which seeds are in each sample, drawn with replacement."""
    return rng.integers(0, seeds, (DRAWS, seeds))


def signs(seeds: int, rng: np.random.Generator) -> Floats:
    """(F, S): every pattern of signs, or where they are more than DRAWS, that many drawn ones."""
    if 2**seeds <= DRAWS:
        return np.array(list(product((1.0, -1.0), repeat=seeds)))
    both_FS2 = np.tile([1.0, -1.0], (DRAWS, seeds, 1))
    found: Floats = rng.permuted(both_FS2, axis=-1)[..., 0]
    return found


def bca_interval(differences_S: Floats, places_DS: Integers) -> tuple[float, float]:
    """The BCa bootstrap interval of the mean.  Without spread, or with one seed, it is the value itself, twice.

    Efron (1987), J. Am. Stat. Assoc. 82, 171-185.  With few seeds it is too narrow.
    """
    if np.ptp(differences_S) == 0.0:
        return float(differences_S[0]), float(differences_S[0])
    mean, means_D = np.mean(differences_S), differences_S[places_DS].mean(axis=-1)
    bias = special.ndtri((np.count_nonzero(means_D < mean) + np.count_nonzero(means_D <= mean)) / (2 * len(means_D)))
    away_S = differences_S - mean  # what the jackknife finds of a mean
    acceleration = np.sum(away_S**3) / np.sum(away_S**2) ** 1.5 / 6
    ends = bias + special.ndtri([ALPHA / 2, 1 - ALPHA / 2])
    low, high = np.quantile(means_D, special.ndtr(bias + ends / (1 - acceleration * ends)))
    return float(low), float(high)


def sign_flip_p(differences_S: Floats, signs_FS: Floats) -> float:
    """The two-sided p value of "the mean is zero" when every sign is as likely as its opposite; exact to 13 seeds.

    It can't fall below 2 of the 2**S sign patterns: three seeds never reach .05, six do.  Of drawn patterns the one
    that was seen counts too (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9, 39).
    """
    if not np.any(differences_S) or len(differences_S) < 2:
        return 1.0
    mean, means_F = np.mean(differences_S), (signs_FS * differences_S).mean(axis=-1)
    equal = 100 * np.finfo(np.float64).eps * abs(mean)
    fewer = min(np.count_nonzero(means_F <= mean + equal), np.count_nonzero(means_F >= mean - equal))
    seen = 0 if len(signs_FS) == 2 ** len(differences_S) else 1
    return float(min(1.0, 2 * (fewer + seen) / (len(signs_FS) + seen)))
