import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_a_quarter_and_a_half_turn_by_hand(style):
    model, weights = build("periodic", style, features=2, frequencies=1, width=2)
    weights["frequencies"].assign([[1.0], [2.0]])
    weights["kernel"].assign([[[3.0, -3.0], [5.0, 7.0]], [[4.0, 1.0], [6.0, -6.0]]])
    weights["bias"].assign([[0.5, 1.0], [10.0, 20.0]])
    # x_0 = 1/4 is a quarter turn: sin 1, cos 0: relu([3, -3] + [.5, 1]) = [3.5, 0]
    # x_1 = 1/4 at twice the frequency a half turn: sin 0, cos -1: relu([-6, 6] + [10, 20]) = [4, 26]
    got_BX = outputs(model, np.array([[0.25, 0.25]], "float32"))
    np.testing.assert_allclose(got_BX, [[3.5, 0.0, 4.0, 26.0]], atol=1e-5)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_frequencies_start_with_the_spread_of_sigma(style):
    _, weights = build("periodic", style, features=40, frequencies=50, sigma=3.0)
    assert np.asarray(weights["frequencies"]).std() == pytest.approx(3.0, rel=0.1)
