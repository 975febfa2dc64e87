import numpy as np
import pytest
import tensorflow as tf
from small_arms import build, outputs

from pipeline.layers import registry
from pipeline.layers.bag import spec_for
from pipeline.layers.view import view
from pipeline.records import Dataset, Examples

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
    model, weights = build("bag", style, tokens=4, vocabulary=5, weighted=False, width=2, combiner=combiner)
    weights["table"].assign(TABLE_VD)
    ids_BT = np.array([[1, 2, 3, 4], [2, 0, 1, 0]], "int32")
    np.testing.assert_allclose(outputs(model, ids_BT), expected_BD, rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
def test_empty_bag_is_zero(style, combiner, weighted):
    model, _ = build("bag", style, weighted=weighted, combiner=combiner)
    ids_BT, weights_BT = np.zeros((2, 3), "int32"), np.ones((2, 3), "float32")
    np.testing.assert_array_equal(outputs(model, [ids_BT, weights_BT] if weighted else ids_BT), np.zeros((2, 4)))


@pytest.mark.parametrize("style", ["class", "functional"])
def test_an_id_counts_as_often_as_it_is_in_the_bag(style):
    model, weights = build("bag", style, tokens=3, vocabulary=5, weighted=False, width=2, combiner="mean")
    weights["table"].assign(TABLE_VD)
    # (1 + 1 + 7) / 3
    np.testing.assert_allclose(outputs(model, np.array([[1, 1, 4]], "int32")), [[3.0, 6.0]], rtol=1e-6)


IDS_BT, WEIGHTS_BT = np.array([[1, 2, 4], [3, 0, 0]], "int32"), np.array([[3.0, 0.5, 2.0], [4.0, 7.0, 0.0]], "float32")


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    ("combiner", "expected_BD"),
    [
        ("sum", [[18.5, 37.0], [20.0, 40.0]]),  # 3 * 1 + .5 * 3 + 2 * 7; 4 * 5: the weight of padding does not count
        ("mean", [[18.5 / 5.5, 37.0 / 5.5], [5.0, 10.0]]),  # by the sum of the weights
        ("sqrtn", [[18.5 / np.sqrt(13.25), 37.0 / np.sqrt(13.25)], [5.0, 10.0]]),  # by the root of their squares' sum
    ],
)
def test_weights_multiply_rows_and_divide_their_sum(style, combiner, expected_BD):
    model, weights = build("bag", style, vocabulary=5, width=2, combiner=combiner)
    weights["table"].assign(TABLE_VD)
    np.testing.assert_allclose(outputs(model, [IDS_BT, WEIGHTS_BT]), expected_BD, rtol=1e-6)


@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
def test_bag_is_what_tensorflow_calls_a_sparse_lookup(combiner):
    model, weights = build("bag", "class", vocabulary=5, width=2, combiner=combiner)
    weights["table"].assign(TABLE_VD)
    rows = tf.ragged.constant([[1, 2, 4], [3]], dtype=tf.int64), tf.ragged.constant([[3.0, 0.5, 2.0], [4.0]])
    expected_BD = tf.nn.embedding_lookup_sparse(
        tf.constant(TABLE_VD), rows[0].to_sparse(), rows[1].to_sparse(), combiner
    )
    np.testing.assert_allclose(outputs(model, [IDS_BT, WEIGHTS_BT]), expected_BD, rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_ragged_bags_give_what_padded_ones_do(style, compiled, weighted):
    model, _ = build("bag", style, vocabulary=5, weighted=weighted, combiner="sqrtn")
    ragged = [
        tf.ragged.constant([[1, 2, 4], [3], []], dtype=tf.int32),
        tf.ragged.constant([[3.0, 0.5, 2.0], [4.0], []]),
    ]
    dense = [each.to_tensor() for each in ragged]
    given = (ragged, dense) if weighted else (ragged[0], dense[0])
    call = tf.function(model) if compiled else model
    got, expected = (np.asarray(call(each)) for each in given)
    np.testing.assert_array_equal(got, expected)


def test_data_with_weights_makes_a_block_of_two_inputs():
    parts = {"ids": np.array([[1, 2, 0]], "int32"), "weights": np.array([[0.5, 2.0, 0.0]], "float32")}
    examples = Examples(parts, np.zeros(1, "int32"))
    dataset = Dataset("one", "classification", examples, examples, outputs=2, vocabulary=5)
    assert spec_for(view(dataset, registry.entry("bag").accepts), {}, 0).weighted
