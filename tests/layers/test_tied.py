import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_mean_row_is_scored_against_every_row(style):
    model, weights = build("tied", style, tokens=2, vocabulary=3, width=2)
    weights["table"].assign([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    # mean of [1, 0] and [3, 4] is [2, 2]; its products with the rows are 2, 4 and 14
    np.testing.assert_array_equal(outputs(model, np.array([[0, 2]], "int32")), [[2.0, 4.0, 14.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_one_weight_serves_input_and_output(style):
    model, _ = build("tied", style)
    assert [tuple(weight.shape) for weight in model.weights] == [(7, 4)]
