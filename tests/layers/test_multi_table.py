import numpy as np
import pytest
import tensorflow as tf
from small_arms import build, draw, outputs, share

from pipeline.frontend import keras
from pipeline.layers.view import view
from pipeline.records import Dataset, Examples, InputSpec
from pipeline.training.copies import gaps
from pipeline.training.transplant import transplant

STYLES = ("class", "functional", "separate")


@pytest.mark.parametrize("style", STYLES)
def test_each_column_has_a_table_of_its_own(style):
    model, weights = build("multi_table", style, vocabularies=(2, 3), width=2)
    weights["table"].assign(np.arange(10.0).reshape(5, 2))
    # column 0 has rows 0 and 1, column 1 rows 2, 3 and 4
    expected_BX = [[2.0, 3.0, 4.0, 5.0], [0.0, 1.0, 8.0, 9.0]]
    np.testing.assert_array_equal(outputs(model, np.array([[1, 0], [0, 2]], "int32")), expected_BX)


def test_separate_tables_are_as_many_weights_as_there_are_columns():
    model, weights = build("multi_table", "separate")
    assert [tuple(weight.shape) for weight in model.weights] == [(7, 4), (9, 4), (8, 4)]
    assert weights["table"].shape == (24, 4)


def test_tables_of_one_size_do_not_start_alike():
    first, second = build("multi_table", "separate", vocabularies=(5, 5))[0].weights
    assert not np.allclose(np.asarray(first), np.asarray(second))


def test_ten_tables_and_more_keep_the_order_of_their_columns():
    (fused, source), (separate, target) = (
        build("multi_table", style, vocabularies=(3,) * 12) for style in ("class", "separate")
    )
    share(source, target)
    ids_BC = np.random.default_rng(0).integers(0, 3, (4, 12)).astype("int32")
    np.testing.assert_array_equal(outputs(fused, ids_BC), outputs(separate, ids_BC))


def test_one_fused_table_is_transplanted_into_many_and_back():
    fused, separate = (build("multi_table", style, seed)[1] for seed, style in enumerate(("class", "separate")))
    (role,) = transplant(fused, separate)
    assert (role.shape, role.candidate) == ((24, 4), "table_0/embeddings, table_1/embeddings, table_2/embeddings")
    np.testing.assert_array_equal(np.asarray(fused["table"]), np.asarray(separate["table"]))
    separate["table"].assign(np.ones((24, 4)))
    transplant(separate, fused)
    np.testing.assert_array_equal(np.asarray(fused["table"]), np.ones((24, 4)))


@pytest.mark.parametrize("optimizer", ["SGD", "Adagrad", "Adam"])
def test_fused_and_separate_tables_train_to_the_same_rows(optimizer):
    trained = []
    for style in ("class", "separate"):
        model, weights = build("multi_table", style)
        share(build("multi_table", "class", seed=5)[1], weights)
        model.compile(getattr(keras.optimizers, optimizer)(0.1), "mse")
        for _ in range(3):
            model.train_on_batch(draw("multi_table"), np.ones((6, 12), "float32"))
        trained.append(np.asarray(weights["table"]))
    np.testing.assert_allclose(*trained, rtol=1e-5, atol=1e-6)


def test_replicas_are_compared_over_all_tables_as_over_one():
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice())
    with strategy.scope():
        weights = build("multi_table", "separate")[1]
    assert gaps(weights, strategy) == {"table": 0.0}


def test_certificate_asks_for_ids_that_every_column_has():
    ids_NC, none = np.zeros((4, 2), "int32"), np.zeros(0)
    examples = Examples({"columns": ids_NC}, none)
    dataset = Dataset("columns", "classification", examples, examples, 2, vocabularies=(9, 5))
    assert view(dataset, ("columns",)).specs == (InputSpec((2,), "int32", 0, 4),)
