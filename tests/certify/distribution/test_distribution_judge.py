"""Gaps between trained variables, by hand."""

import numpy as np
import pytest

from pipeline.certify.distribution.judge import Apart, between_replicas, between_runs, is_rounding
from pipeline.certify.distribution.steps import Trained
from pipeline.certify.distribution.told import AGREE, ALONE, Told, finding

TOLERANCE = 8e-6


def runs(after, copies=(), before=1.0, name="sgd"):
    return {name: Trained({"w": np.float32([before])}, {"w": np.float32([after])}, {"w": tuple(copies)})}


def outcome(excess, rounding=False):
    return finding(ALONE, [Told("the baseline's w", Apart("w", "sgd", 0.1, 0.1, excess), "", rounding)]).outcome


def test_a_gap_is_a_share_of_the_variables_largest_size():
    apart = between_runs(runs(2.0, before=4.0), runs(1.0, before=4.0), TOLERANCE)
    assert (apart.role, apart.difference, apart.share) == ("w", 1.0, 0.25)


@pytest.mark.parametrize(("name", "limit"), [("sgd", 1e-6), ("adam", 1e-5)])
def test_the_tolerances_of_float32_are_a_millionth_for_sgd_and_ten_for_adam(name, limit):
    apart = between_runs(runs(1.0, name=name), runs(1.0 + 2.0**-16, name=name), TOLERANCE)
    assert apart.excess == pytest.approx(2.0**-16 / limit, rel=1e-4)


def test_a_variable_near_zero_is_measured_against_the_usual_size_of_weights():
    apart = between_runs(runs(1e-3, before=0.0), runs(0.0, before=0.0), TOLERANCE)
    assert apart.share == pytest.approx(1e-2)


def test_a_value_that_is_not_finite_on_one_side_alone_is_infinitely_far():
    assert between_runs(runs(np.nan), runs(1.0), TOLERANCE).excess == np.inf


def test_values_that_are_not_finite_alike_are_the_same():
    assert between_runs(runs(np.nan), runs(np.nan), TOLERANCE).excess == 0.0


def test_replicas_may_not_differ_in_a_bit():
    apart = between_replicas(runs(1.0, (np.float32([1.0]), np.nextafter(np.float32([1.0]), np.float32(2.0)))))
    assert apart.excess == np.inf


def test_a_variable_that_is_put_together_when_read_has_no_copies_to_compare():
    assert between_replicas(runs(1.0)).excess == 0.0


def test_a_gap_that_float64_has_too_is_no_rounding():
    narrow, wide = (Apart("w", "sgd", share, share, 100.0) for share in (1e-4, 0.9e-4))
    assert not is_rounding(narrow, wide)


def test_a_gap_that_shrinks_in_float64_is_rounding():
    narrow, wide = (Apart("w", "sgd", share, share, 100.0) for share in (1e-4, 1e-12))
    assert is_rounding(narrow, wide)


@pytest.mark.parametrize(("excess", "expected"), [(1.0, "same"), (10.0, "inconclusive"), (10.1, "different")])
def test_a_gap_just_above_the_tolerance_is_not_decided(excess, expected):
    assert outcome(excess) == expected


def test_rounding_is_a_note_however_large():
    assert outcome(1000.0, rounding=True) == "note"


def test_the_finding_tells_variable_number_and_cause():
    told = Told("the baseline's layer/state", Apart("state", "adam", 0.31, 0.3, np.inf), "it keeps its own")
    assert finding(AGREE, [told]).sentence == (
        "after 3 steps of adam, the baseline's layer/state differs between 2 replicas by 0.31: it keeps its own"
    )
