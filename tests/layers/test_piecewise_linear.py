import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.errors import ConfigError
from pipeline.layers.piecewise_linear import real_X, spec_for
from pipeline.layers.view import view
from pipeline.records import Dataset, Examples

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
    model, _ = build("piecewise_linear", style, edges=EDGES, width=0)
    np.testing.assert_allclose(outputs(model, np.array([[x]], "float32")), [expected], rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_edges_that_coincide_make_one_bin_without_floor_or_ceiling(style):
    model, _ = build("piecewise_linear", style, edges=((0.0, 0.0, 2.0, 2.0),), width=0)
    got_BX = outputs(model, np.array([[-1.0], [1.0], [4.0]], "float32"))
    np.testing.assert_array_equal(got_BX, [[-0.5], [0.5], [2.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_every_feature_has_as_many_bins_as_distinct_edges_allow(style):
    edges = ((0.0, 1.0, 2.0), (5.0, 5.0, 5.0), (0.0, 0.0, 10.0))  # two bins, none, one
    model, _ = build("piecewise_linear", style, edges=edges, width=0)
    np.testing.assert_array_equal(outputs(model, np.array([[1.5, 7.0, 5.0]], "float32")), [[1.0, 0.5, 0.5]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_width_maps_each_encoding_by_itself_and_cuts_at_zero_by_hand(style):
    model, weights = build("piecewise_linear", style, edges=((0.0, 1.0, 2.0), (3.0, 3.0, 3.0)), width=2)
    weights["kernel"].assign([[[1.0, -1.0], [4.0, -4.0]], [[9.0, 9.0], [9.0, 9.0]]])
    weights["bias"].assign([[0.25, 0.5], [-1.0, 7.0]])
    # 1.5 fills the first bin and half of the second: [1, .5] W + b = [3.25, -2.5]; a constant has its bias alone
    np.testing.assert_array_equal(outputs(model, np.array([[1.5, 8.0]], "float32")), [[3.25, 0.0, 0.0, 7.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_features_follow_one_another(style):
    model, _ = build("piecewise_linear", style, edges=((0.0, 1.0, 2.0), (0.0, 10.0, 20.0)), width=0)
    np.testing.assert_array_equal(outputs(model, np.array([[1.5, 5.0]], "float32")), [[1.0, 0.5, 0.5, 0.0]])


def edges_of(values, bins):
    examples = Examples({"vectors": np.array(values, "float32")[:, np.newaxis]}, np.zeros(len(values)))
    dataset = Dataset("few", "classification", examples, examples, outputs=2)
    return spec_for(view(dataset, ("vectors",)), {"bins": bins}, 0).edges


def test_edges_are_the_quantiles_of_the_training_data():
    assert edges_of([0.0, 1.0, 2.0, 3.0, 10.0], bins=2) == ((0.0, 2.0, 10.0),)


def test_a_feature_that_is_nearly_always_zero_keeps_the_bins_that_have_a_width():
    edges = edges_of([0.0] * 9 + [50.0, 100.0], bins=4)
    assert edges == ((0.0, 0.0, 0.0, 0.0, 100.0),)
    assert real_X(edges) == [3]


def test_data_without_any_feature_that_varies_is_refused():
    with pytest.raises(ConfigError, match="every feature is constant"):
        edges_of([2.0, 2.0, 2.0], bins=2)
