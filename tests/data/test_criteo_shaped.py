"""The generated clicks that are trained on."""

import numpy as np
import pytest

from pipeline.data.criteo_shaped import CLICKS, TEST_ROWS, TRAIN_ROWS
from pipeline.data.generate import bayes_auc, draw_rows


@pytest.fixture
def clicks(loaded):
    return loaded("criteo_shaped")


def test_ids_lie_in_their_vocabularies(clicks):
    for examples in (clicks.train, clicks.test):
        assert (examples.parts["columns"] >= 0).all()
        assert (examples.parts["columns"] < np.array(clicks.vocabularies)).all()


def test_the_vocabularies_have_millions_of_ids_together(clicks):
    assert sum(clicks.vocabularies) == sum(CLICKS.sizes) + 26 == 2_569_322


def test_about_a_tenth_of_the_values_is_missing(clicks):
    assert (clicks.train.parts["columns"] == 0).mean() == pytest.approx(0.1, abs=0.002)


def test_numbers_are_finite_logarithms(clicks):
    vectors = clicks.train.parts["vectors"]
    assert np.isfinite(vectors).all()
    np.testing.assert_array_equal(np.unique(vectors)[:2], np.log1p([0, 1]).astype("float32"))


def test_there_is_much_to_be_learnt_and_not_all():
    drawn = draw_rows(CLICKS, np.arange(TRAIN_ROWS, TRAIN_ROWS + TEST_ROWS))
    assert bayes_auc(drawn.probability) == pytest.approx(0.866, abs=0.005)
