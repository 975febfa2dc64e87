import numpy as np
import pytest
import tensorflow as tf

from pipeline import optimizers
from pipeline.errors import TrialError
from pipeline.frontend import keras
from pipeline.optimizers.repeats import sum_densely, sum_repeats

IDS, ROWS_ID = [2, 0, 2], [[1.0, 2.0], [3.0, 4.0], [10.0, 20.0]]
DENSE_VD = [[3.0, 4.0], [0.0, 0.0], [11.0, 22.0]]


def repeated():
    return tf.IndexedSlices(tf.constant(ROWS_ID), tf.constant(IDS), tf.constant([3, 2]))


def test_rows_of_a_repeated_id_are_summed():
    summed = sum_repeats(repeated())
    np.testing.assert_array_equal(summed.indices, [2, 0])
    np.testing.assert_array_equal(summed.values, [[11.0, 22.0], [3.0, 4.0]])


def test_dense_sum_has_a_row_for_every_id():
    np.testing.assert_array_equal(sum_densely(repeated()), DENSE_VD)


def after_three_steps(name, gradient, jit):
    table = keras.layers.Embedding(3, 2)
    table.build(None)
    table.embeddings.assign(np.ones((3, 2)))
    optimizer = optimizers.build(name, 0.1, jit=jit)
    optimizer.build([table.embeddings])
    for _ in range(3):
        optimizer.apply_gradients([(gradient, table.embeddings)])
    return np.asarray(table.embeddings)


# To lazy_adam a dense gradient is one for every row.
@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("name", [name for name in optimizers.OPTIMIZERS if name != "lazy_adam"])
def test_sparse_gradient_with_repeated_ids_trains_as_the_dense_one(name, jit):
    dense = after_three_steps(name, tf.constant(DENSE_VD), jit)
    np.testing.assert_allclose(after_three_steps(name, repeated(), jit), dense, rtol=1e-6)
    assert not np.allclose(dense, 1.0)


def test_unknown_optimizer_is_refused_with_the_choices():
    with pytest.raises(TrialError, match="unknown optimizer 'adamax'; use one of sgd, adagrad, adam, sparse_sgd"):
        optimizers.build("adamax", 0.1, jit=False)
