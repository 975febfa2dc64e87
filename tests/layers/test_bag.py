import numpy as np
import pytest
from small_arms import build, outputs

TABLE_VD = [[9.0, 9.0], [1.0, 2.0], [3.0, 6.0], [5.0, 10.0], [7.0, 14.0]]


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    ("combiner", "expected_BD"),
    [
        ("sum", [[16.0, 32.0], [4.0, 8.0]]),  # rows 1 + 2 + 3 + 4; rows 1 + 2
        ("mean", [[4.0, 8.0], [2.0, 4.0]]),  # by 4; by 2
        ("sqrtn", [[8.0, 16.0], [4.0 / np.sqrt(2), 8.0 / np.sqrt(2)]]),  # by 2; by the root of 2
    ],
)
def test_bag_combines_the_rows_that_are_not_padding(style, combiner, expected_BD):
    model, weights = build("bag", style, tokens=4, vocabulary=5, width=2, combiner=combiner)
    weights["table"].assign(TABLE_VD)
    ids_BT = np.array([[1, 2, 3, 4], [2, 0, 1, 0]], "int32")
    np.testing.assert_allclose(outputs(model, ids_BT), expected_BD, rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
def test_empty_bag_is_zero(style, combiner):
    model, _ = build("bag", style, combiner=combiner)
    np.testing.assert_array_equal(outputs(model, np.zeros((2, 3), "int32")), np.zeros((2, 4)))


@pytest.mark.parametrize("style", ["class", "functional"])
def test_an_id_counts_as_often_as_it_is_in_the_bag(style):
    model, weights = build("bag", style, tokens=3, vocabulary=5, width=2, combiner="mean")
    weights["table"].assign(TABLE_VD)
    # (1 + 1 + 7) / 3
    np.testing.assert_allclose(outputs(model, np.array([[1, 1, 4]], "int32")), [[3.0, 6.0]], rtol=1e-6)
