import numpy as np
import pytest

from pipeline.certify.values.errors import Tally, gap, same_bits

ONES = np.ones(2, np.float32)


def floats(*values):
    return np.array(values, np.float32)


def test_the_gap_is_relative_to_the_largest_value():
    assert gap([floats(1.0, 100.0)], [floats(2.0, 100.0)]).relative == 0.01


def test_nan_and_infinities_equal_themselves():
    assert gap([floats(np.nan, np.inf, 1.0)], [floats(np.nan, np.inf, 1.0)]).relative == 0.0


def test_nan_against_a_number_is_an_infinite_gap():
    assert gap([floats(np.nan)], [floats(0.0)]).relative == np.inf


def test_integers_are_equal_or_not():
    assert gap([np.array([1, 2])], [np.array([1, 3])]).relative == np.inf


def test_a_tensor_far_smaller_than_its_companion_is_judged_on_the_companions_scale():
    noise, companion = floats(1e-9), floats(1.0)
    assert gap([noise, companion], [-noise, companion]).relative < 1e-6


def test_another_number_of_tensors_is_an_infinite_gap():
    assert gap([floats(1.0)], []).relative == np.inf


def test_neighbouring_floats_are_one_ulp_apart():
    one = np.float32(1.0)
    assert gap([floats(one)], [floats(np.nextafter(one, np.float32(2)))]).ulps == 1.0


def test_a_tally_keeps_the_worst_and_whether_all_bits_were_the_same():
    tally = Tally()
    tally.add([ONES], [ONES], gap([ONES], [ONES]))
    assert tally.details() == {"bitwise": True, "worst_relative_error": 0.0, "worst_ulps": 0.0}
    tally.add([ONES], [ONES * 1.5], gap([ONES], [ONES * 1.5]))
    assert not tally.details()["bitwise"]
    assert tally.details()["worst_relative_error"] == pytest.approx(1 / 3)


def test_a_tally_of_nothing_claims_nothing():
    assert not Tally().details()["bitwise"]


def test_zero_and_minus_zero_are_not_the_same_bits():
    zeros = np.zeros(2, np.float32)
    assert same_bits([zeros], [zeros.copy()])
    assert not same_bits([zeros], [-zeros])


def test_nan_is_the_same_as_nan():
    nans = np.full(2, np.nan, np.float32)
    assert same_bits([nans], [nans.copy()])


def test_another_dtype_or_number_of_tensors_is_not_the_same():
    assert not same_bits([ONES], [ONES.astype(np.float64)])
    assert not same_bits([ONES], [])
