import numpy as np
import pytest
from scipy import stats

from pipeline.analysis.resampling import DRAWS, SEED, bca_interval, drawn, sign_flip_p


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def interval(*values: float) -> tuple[float, float]:
    return bca_interval(floats(*values), drawn(len(values))[0])


def p_value(*values: float) -> float:
    return sign_flip_p(floats(*values), drawn(len(values))[1])


def some_differences(seeds: int) -> np.ndarray:
    return np.random.default_rng(seeds).normal(0.5, 1.0, seeds) ** 3


def test_bca_interval_of_equal_differences_is_that_difference_twice():
    assert interval(0.1, 0.1, 0.1) == (0.1, 0.1)


def test_bca_interval_of_two_seeds_is_their_range():
    assert interval(1, 2) == (1.0, 2.0)


def test_bca_interval_holds_the_mean_of_a_skewed_sample():
    low, high = interval(0, 0, 0, 1, 9)
    assert low < 2.0 < high


@pytest.mark.parametrize("seeds", [3, 6, 20])
def test_bca_interval_is_scipys_from_the_same_draws(seeds):
    rng, differences_S = np.random.default_rng(SEED), some_differences(seeds)
    theirs = stats.bootstrap((differences_S,), np.mean, n_resamples=DRAWS, method="BCa", rng=rng)
    assert bca_interval(differences_S, drawn(seeds)[0]) == pytest.approx(tuple(theirs.confidence_interval), rel=1e-12)


@pytest.mark.parametrize(("seeds", "least"), [(3, 0.25), (5, 0.0625), (6, 0.03125)])
def test_sign_flip_p_is_two_of_all_sign_patterns_when_every_seed_agrees(seeds, least):
    assert p_value(*range(1, seeds + 1)) == least


def test_sign_flip_p_of_opposite_differences_is_one():
    assert p_value(1, -1) == 1.0


def test_sign_flip_p_of_no_difference_is_one():
    assert p_value(0, 0, 0) == 1.0


@pytest.mark.parametrize("seeds", [3, 6, 20])
def test_sign_flip_p_is_scipys_from_the_same_draws(seeds):
    rng, differences_S = np.random.default_rng(SEED), some_differences(seeds)
    rng.integers(0, seeds, (DRAWS, seeds))
    theirs = stats.permutation_test(
        (differences_S,), np.mean, permutation_type="samples", n_resamples=DRAWS, vectorized=True, rng=rng
    )
    assert sign_flip_p(differences_S, drawn(seeds)[1]) == theirs.pvalue
