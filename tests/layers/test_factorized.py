import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_mean_row_of_low_rank_is_expanded(style):
    model, weights = build("factorized", style, tokens=2, vocabulary=3, rank=2, width=3)
    weights["table"].assign([[1.0, 2.0], [9.0, 9.0], [3.0, 6.0]])
    weights["expansion"].assign([[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]])
    # mean of [1, 2] and [3, 6] is [2, 4]; 2 * [1, 0, 2] + 4 * [0, 1, 3] = [2, 4, 16]
    np.testing.assert_array_equal(outputs(model, np.array([[0, 2]], "int32")), [[2.0, 4.0, 16.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_parameters_are_those_of_two_thin_matrices(style):
    model, _ = build("factorized", style, vocabulary=100, rank=2, width=8)
    assert model.count_params() == 100 * 2 + 2 * 8
