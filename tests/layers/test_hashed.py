import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.layers.hashed import PRIME, buckets_BTK, coefficients


def test_hash_is_the_one_of_python_integers():
    ids = [0, 1, 12345, 2**31 - 1]
    expected = [[[(a * each + b) % PRIME % 97 for a, b in coefficients(3)] for each in ids]]
    np.testing.assert_array_equal(buckets_BTK(np.array([ids], "int32"), hashes=3, buckets=97), expected)


def test_coefficients_stay_what_they_were():
    assert coefficients(2) == [(160361483, 676625751), (1064038007, 1025628548)]


def test_two_hashes_part_most_ids_that_one_throws_together():
    ids_BT = np.arange(1000, dtype="int32")[np.newaxis]
    one, two = (np.asarray(buckets_BTK(ids_BT, hashes, 100))[0] for hashes in (1, 2))
    assert len(np.unique(one, axis=0)) <= 100
    assert len(np.unique(two, axis=0)) > 900


@pytest.mark.parametrize("style", ["class", "functional"])
def test_rows_of_all_hashes_are_summed_and_tokens_averaged(style):
    model, weights = build("hashed", style, tokens=2, hashes=2, buckets=5, width=1)
    weights["table"].assign([[1.0], [10.0], [100.0], [1000.0], [10000.0]])
    places = [(a * each + b) % PRIME % 5 for each in (3, 8) for a, b in coefficients(2)]
    expected = sum(10.0**place for place in places) / 2
    np.testing.assert_allclose(outputs(model, np.array([[3, 8]], "int32")), [[expected]], rtol=1e-6)
