import numpy as np
import pytest

from pipeline.analysis.statistics import bca_interval, beyond_p, seeds_for_sign_flip, sign_flip_p, t_interval, tost_p


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_tost_p_is_the_hand_solved_value_for_three_seeds():
    # Mean 2, SD 1: t = (4 - 2)·√3 = √12; with two degrees of freedom P(T > t) = 1/2 - t / (2·√(2 + t²)).
    assert tost_p(floats(1, 2, 3), margin=4.0) == pytest.approx(0.5 - np.sqrt(12) / (2 * np.sqrt(14)))


def test_tost_p_does_not_depend_on_which_arm_is_the_baseline():
    assert tost_p(floats(1, 2, 3), 4.0) == pytest.approx(tost_p(floats(-1, -2, -3), 4.0))


def test_tost_p_exceeds_a_half_when_the_mean_lies_beyond_the_margin():
    assert tost_p(floats(1, 2, 3), margin=1.0) > 0.5


def test_tost_p_of_one_seed_is_one():
    assert tost_p(floats(0.0), margin=1.0) == 1.0


def test_tost_p_without_spread_is_zero_within_the_margin():
    assert tost_p(floats(0.1, 0.1, 0.1), margin=0.2) == 0.0


def test_tost_p_without_spread_is_one_on_the_margin():
    assert tost_p(floats(0.2, 0.2, 0.2), margin=0.2) == 1.0


def test_beyond_p_is_the_hand_solved_value_for_three_seeds():
    # Mean 3, SD 1, margin 1: t = (3 - 1)·√3 = √12, the same t as in the hand-solved TOST.
    assert beyond_p(floats(-2, -3, -4), margin=1.0) == pytest.approx(0.5 - np.sqrt(12) / (2 * np.sqrt(14)))


@pytest.mark.parametrize(("values", "p"), [([5.0], 1.0), ([2.0, 2.0], 0.0), ([1.0, 1.0], 1.0)])
def test_beyond_p_of_one_seed_or_without_spread_is_its_limit(values, p):
    assert beyond_p(np.array(values), margin=1.0) == p


def test_t_interval_is_the_hand_solved_value_for_three_seeds():
    # Mean 2, SD 1; with two degrees of freedom t = √2·u/√(1 - u²), where u = 2·0.975 - 1.
    reach = np.sqrt(2) * 0.95 / np.sqrt(1 - 0.95**2) / np.sqrt(3)
    assert t_interval(floats(1, 2, 3)) == pytest.approx((2 - reach, 2 + reach))


@pytest.mark.parametrize("values", [[0.1], [0.1, 0.1, 0.1]])
def test_t_interval_of_one_seed_or_without_spread_is_the_value_twice(values):
    assert t_interval(np.array(values)) == pytest.approx((0.1, 0.1))


def test_bca_interval_of_equal_differences_is_that_difference_twice(rng):
    assert bca_interval(floats(0.1, 0.1, 0.1), rng) == (0.1, 0.1)


def test_bca_interval_of_two_seeds_is_their_range(rng):
    assert bca_interval(floats(1, 2), rng) == (1.0, 2.0)


def test_bca_interval_holds_the_mean_of_a_skewed_sample(rng):
    low, high = bca_interval(floats(0, 0, 0, 1, 9), rng)
    assert low < 2.0 < high


def test_bca_interval_is_the_same_for_the_same_generator():
    intervals = [bca_interval(floats(1, 2, 4, 8, 16), np.random.default_rng(3)) for _ in range(2)]
    assert intervals[0] == intervals[1]


@pytest.mark.parametrize(("seeds", "least"), [(3, 0.25), (5, 0.0625), (6, 0.03125)])
def test_sign_flip_p_is_two_of_all_sign_patterns_when_every_seed_agrees(rng, seeds, least):
    assert sign_flip_p(np.arange(1.0, seeds + 1), rng) == pytest.approx(least)


def test_sign_flip_p_of_opposite_differences_is_one(rng):
    assert sign_flip_p(floats(1, -1), rng) == 1.0


def test_sign_flip_p_of_no_difference_is_one(rng):
    assert sign_flip_p(floats(0, 0, 0), rng) == 1.0


def test_six_seeds_are_the_fewest_for_a_significant_sign_flip():
    assert seeds_for_sign_flip() == 6
