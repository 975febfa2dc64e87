import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.layers.positional import sinusoid_TD


def test_sinusoid_by_hand():
    # width 4: i = 0 turns by t, i = 1 by t / 10000^(2/4) = t / 100
    expected_TD = [[0, 1, 0, 1], [np.sin(1), np.cos(1), np.sin(0.01), np.cos(0.01)]]
    np.testing.assert_allclose(sinusoid_TD(2, 4), expected_TD, rtol=1e-12)


def test_sinusoid_of_an_odd_width_ends_with_a_sine():
    np.testing.assert_allclose(sinusoid_TD(2, 3)[1, 2], np.sin(1 / 10000 ** (2 / 3)), rtol=1e-12)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_learned_place_is_added_to_the_scaled_row(style):
    model, weights = build("positional", style, tokens=2, vocabulary=3, width=4)
    weights["table"].assign(np.arange(12.0).reshape(3, 4))
    weights["positions"].assign([[0.1, 0.2, 0.3, 0.4], [1.0, 1.0, 1.0, 1.0]])
    # sqrt(4) = 2: 2 * [4, 5, 6, 7] + the first place, 2 * [0, 1, 2, 3] + the second
    expected_BX = [[8.1, 10.2, 12.3, 14.4, 1.0, 3.0, 5.0, 7.0]]
    np.testing.assert_allclose(outputs(model, np.array([[1, 0]], "int32")), expected_BX, rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_sinusoidal_places_are_no_weights(style):
    model, weights = build("positional", style, tokens=2, vocabulary=3, width=2, positions="sinusoidal")
    assert list(weights) == ["table"]
    weights["table"].assign(np.zeros((3, 2)))
    expected_BX = [[0.0, 1.0, np.sin(1.0), np.cos(1.0)]]
    np.testing.assert_allclose(outputs(model, np.array([[2, 2]], "int32")), expected_BX, rtol=1e-6)
