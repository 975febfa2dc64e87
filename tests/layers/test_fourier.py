import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_one_wave_by_hand(style):
    model, weights = build("fourier", style, features=2, units=2)
    weights["frequencies"].assign([[1.0, 0.0], [2.0, 3.0]])
    weights["phases"].assign([0.5, np.pi])
    # sqrt(2/2) = 1: cos(.1 + 2 * .2 + .5) and cos(3 * .2 + pi) = -cos(.6)
    got_BU = outputs(model, np.array([[0.1, 0.2]], "float32"))
    np.testing.assert_allclose(got_BU, [[np.cos(1.0), -np.cos(0.6)]], rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_inner_products_approach_the_gaussian_kernel(style):
    model, _ = build("fourier", style, features=3, units=20_000, bandwidth=2.0)
    x_BF = np.array([[0.0, 0.5, -1.0], [1.0, 0.0, 0.5]], "float32")
    first_U, second_U = outputs(model, x_BF)
    kernel = np.exp(-np.sum((x_BF[0] - x_BF[1]) ** 2) / (2 * 2.0**2))
    assert first_U @ second_U == pytest.approx(kernel, abs=0.03)  # sd 1/sqrt(20 000) = .007


@pytest.mark.parametrize("style", ["class", "functional"])
def test_nothing_is_trained_and_everything_saved(style):
    model, _ = build("fourier", style)
    assert (len(model.trainable_weights), len(model.weights)) == (0, 2)
