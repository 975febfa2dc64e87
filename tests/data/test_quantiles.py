"""Numbers by their normal quantile: hand-solved ranks, ties, and what is missing."""

import pickle

import numpy as np
import pytest
from scipy.special import ndtri

from pipeline.data.quantiles import Quantiles


def learnt(*chunks):
    learner = Quantiles()
    for chunk in chunks:
        learner.add(np.array(chunk))
    return learner.encoder()


def test_a_value_becomes_the_normal_quantile_of_its_rank():
    # 0 … 100: the value v has the rank v / 100.
    encoder = learnt(np.arange(101.0))
    np.testing.assert_allclose(encoder(np.array([25.0, 50.0, 90.0])), ndtri([0.25, 0.5, 0.9]), atol=0.06)


def test_a_value_most_rows_share_becomes_the_middle_of_its_ranks():
    # 900 zeros of 1,000 values have the ranks 0 … 0.9; half of noise's draws lie below them.
    encoder = learnt(np.concatenate([np.zeros(900), np.arange(1.0, 101.0)]))
    assert encoder(np.zeros(1))[0] == pytest.approx(ndtri(0.45), abs=0.05)


def test_what_lies_outside_is_kept_within_a_ten_millionth_of_the_ends():
    lowest, highest = learnt(np.arange(100.0))(np.array([-1e9, 1e9]))
    assert (lowest, highest) == (pytest.approx(ndtri(1e-7), abs=1e-4), pytest.approx(ndtri(1 - 1e-7), abs=1e-4))


def test_missing_becomes_the_middle_and_teaches_nothing():
    with_gaps, without = learnt([1.0, np.nan, 2.0, 3.0]), learnt([1.0, 2.0, 3.0])
    assert with_gaps(np.array([np.nan]))[0] == 0.0
    np.testing.assert_array_equal(with_gaps(np.array([1.5])), without(np.array([1.5])))


def test_chunks_do_not_matter():
    values = np.random.default_rng(0).normal(size=300)
    whole, pieces = learnt(values), learnt(values[:70], values[70:])
    np.testing.assert_array_equal(whole(values), pieces(values))


def test_no_more_than_the_first_values_are_kept():
    learner = Quantiles(most=3)
    for chunk in ([1.0, 2.0], [3.0, 1000.0], [2000.0]):
        learner.add(np.array(chunk))
    np.testing.assert_array_equal(learner.encoder()(np.array([2.5])), learnt([1.0, 2.0, 3.0])(np.array([2.5])))


def test_a_column_without_values_becomes_zeros():
    encoded = learnt([np.nan, np.nan])(np.array([np.nan, np.nan]))
    np.testing.assert_array_equal(encoded, np.zeros(2, np.float32))


def test_an_encoder_survives_pickling():
    encoder = learnt(np.arange(50.0))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(encoder))(np.arange(9.0)), encoder(np.arange(9.0)))
