import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_every_feature_has_lines_of_its_own_by_hand(style):
    model, weights = build("linear", style, features=2, width=2)
    weights["kernel"].assign([[1.0, -1.0], [10.0, 0.5]])
    weights["bias"].assign([[0.5, 0.0], [-5.0, 1.0]])
    # x_0 = 2: relu([2.5, -2]) = [2.5, 0];  x_1 = -1: relu([-15, 0.5]) = [0, 0.5]
    np.testing.assert_array_equal(outputs(model, np.array([[2.0, -1.0]], "float32")), [[2.5, 0.0, 0.0, 0.5]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_lines_start_within_one_over_the_root_of_the_width(style):
    _, weights = build("linear", style, features=100, width=4)
    for role in ("kernel", "bias"):
        assert 0.45 < np.abs(np.asarray(weights[role])).max() <= 0.5
