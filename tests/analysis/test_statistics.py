import numpy as np
import pytest

from pipeline.analysis.statistics import beyond_p, seeds_for_sign_flip, t_interval, tost_p


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


def test_six_seeds_are_the_fewest_for_a_significant_sign_flip():
    assert seeds_for_sign_flip() == 6
