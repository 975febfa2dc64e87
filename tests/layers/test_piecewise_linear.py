import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.layers.piecewise_linear import spec_for
from pipeline.records import Dataset

EDGES = ((0.0, 1.0, 3.0, 4.0),)


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (2.0, [1.0, 0.5, 0.0]),  # past the first bin, half through the second of width 2
        (0.25, [0.25, 0.0, 0.0]),
        (-2.0, [-2.0, 0.0, 0.0]),  # the first bin has no floor
        (6.0, [1.0, 1.0, 3.0]),  # the last no ceiling
    ],
)
def test_number_fills_its_bins_by_hand(style, x, expected):
    model, _ = build("piecewise_linear", style, edges=EDGES)
    np.testing.assert_allclose(outputs(model, np.array([[x]], "float32")), [expected], rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_bin_without_width_stays_empty_and_its_neighbour_counts_as_the_first(style):
    model, _ = build("piecewise_linear", style, edges=((0.0, 0.0, 2.0, 2.0),))
    got_BX = outputs(model, np.array([[-1.0], [1.0], [4.0]], "float32"))
    np.testing.assert_array_equal(got_BX, [[0.0, -0.5, 0.0], [0.0, 0.5, 0.0], [0.0, 2.0, 0.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_features_follow_one_another(style):
    model, _ = build("piecewise_linear", style, edges=((0.0, 1.0, 2.0), (0.0, 10.0, 20.0)))
    np.testing.assert_array_equal(outputs(model, np.array([[1.5, 5.0]], "float32")), [[1.0, 0.5, 0.5, 0.0]])


def test_edges_are_the_quantiles_of_the_training_data():
    inputs = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]], "float32")
    nothing = np.zeros(0)
    dataset = Dataset("five", "classification", inputs, nothing, nothing, nothing, None, outputs=2)
    assert spec_for(dataset, {"bins": 2}, 0).edges == ((0.0, 2.0, 10.0),)
