import pytest

from pipeline.analysis.multiplicity import holm, over_looks, shares


def test_holm_is_the_hand_solved_value():
    # In order .005·4, .01·3, .03·2, .04·1; none below the one before it.
    assert holm((0.01, 0.04, 0.03, 0.005)) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_holm_of_one_hypothesis_is_its_own_p_value():
    assert holm((0.04,)) == (0.04,)


def test_holm_never_exceeds_one():
    assert holm((0.9, 0.8)) == (1.0, 1.0)


def test_holm_of_nothing_is_nothing():
    assert holm(()) == ()


def test_a_hypothesis_more_makes_every_other_harder_to_reject():
    assert holm((0.01, 1.0))[0] > holm((0.01,))[0]


def test_each_look_spends_the_share_of_its_new_seeds():
    assert shares((5, 10, 20)) == (0.25, 0.25, 0.5)


def test_a_sequential_p_value_is_the_least_of_the_looks_by_their_share():
    assert over_looks([(0.01, 0.25), (0.2, 0.25), (0.03, 0.5)]) == pytest.approx(0.04)


def test_a_sequential_p_value_without_a_look_is_one():
    assert over_looks([]) == 1.0


def test_a_later_look_never_takes_a_claim_back():
    assert over_looks([(0.001, 0.5), (0.9, 0.5)]) == over_looks([(0.001, 0.5)])
