"""The row-touching optimizers against stock ones, hand-solved steps and a NumPy reference, under this frontend."""

import numpy as np
import pytest
import tensorflow as tf

from pipeline.config.schema import OPTIMIZERS as CONFIGURABLE
from pipeline.frontend import keras, tensor_variable
from pipeline.optimizers import OPTIMIZERS, LazyAdam, RowwiseAdagrad, SparseAdagrad, SparseSGD

ROWS = [SparseSGD, SparseAdagrad, RowwiseAdagrad, LazyAdam]
V, D = 7, 3


def make_table(rows=V, width=D, value=None):
    layer = keras.layers.Embedding(rows, width)
    layer.build(None)
    layer.embeddings.assign(np.linspace(-1, 1, rows * width).reshape(rows, width) if value is None else value)
    return layer.embeddings


def batches(steps, low=0, size=9):
    """Sparse gradients with repeated ids."""
    random = np.random.default_rng(0)
    for _ in range(steps):
        ids, rows = random.integers(low, V, size), random.normal(size=(size, D)).astype("float32")
        yield tf.IndexedSlices(tf.constant(rows), tf.constant(ids), tf.constant([V, D]))


def trained(optimizer, gradients, table=None):
    """The table after these steps."""
    table = make_table() if table is None else table
    optimizer.build([table])
    for gradient in gradients:
        optimizer.apply_gradients([(gradient, table)])
    return np.asarray(table)


def densely(gradients):
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def one_row(gradients, shape=(1, 1)):
    return [tf.IndexedSlices(tf.constant(rows), tf.constant([0] * len(rows)), tf.constant(shape)) for rows in gradients]


@pytest.mark.parametrize(("rows", "stock"), [(SparseSGD, "SGD"), (SparseAdagrad, "Adagrad")])
def test_rows_train_bitwise_as_the_dense_stock_optimizer(rows, stock):
    dense = trained(getattr(keras.optimizers, stock)(0.1), densely(batches(6)))
    np.testing.assert_array_equal(trained(rows(0.1), batches(6)), dense)


@pytest.mark.parametrize(("rows", "stock"), [(SparseSGD, "SGD"), (SparseAdagrad, "Adagrad"), (LazyAdam, "Adam")])
def test_dense_gradients_train_bitwise_as_stock(rows, stock):
    dense = trained(getattr(keras.optimizers, stock)(0.1), densely(batches(6)))
    np.testing.assert_array_equal(trained(rows(0.1), densely(batches(6))), dense)


def test_lazy_adam_trains_bitwise_as_adam_when_every_row_occurs():
    everywhere = [
        tf.IndexedSlices(
            tf.concat([gradient.values, tf.ones([V, D])], 0),
            tf.concat([gradient.indices, tf.range(V, dtype=tf.int64)], 0),
            gradient.dense_shape,
        )
        for gradient in batches(6)
    ]
    dense = trained(keras.optimizers.Adam(0.1), densely(everywhere))
    np.testing.assert_array_equal(trained(LazyAdam(0.1), everywhere), dense)


def test_row_without_gradient_rests_under_lazy_adam_and_moves_on_under_adam():
    """Row 0 at step 1, row 1 at step 2, gradient 1: both move by .1, then Adam's momentum moves row 0 on by

    .1 * sqrt(1 - .999**2) / (1 - .9**2) * .09 / sqrt(.000999) = .067
    and row 1 moves by that formula with .1 / sqrt(.001), .0744.
    """
    first, second = (tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([row]), tf.constant([2, 1])) for row in (0, 1))
    lazy = trained(LazyAdam(0.1), [first, second], make_table(2, 1, np.zeros((2, 1))))
    adam = trained(keras.optimizers.Adam(0.1), densely([first, second]), make_table(2, 1, np.zeros((2, 1))))
    np.testing.assert_allclose(lazy, [[-0.1], [-0.0744]], atol=5e-5)
    np.testing.assert_allclose(adam, [[-0.1 - 0.0670], [-0.0744]], atol=5e-5)


def test_adam_slices_of_one_id_step_as_their_sum():
    """Two slices of 1 are a gradient of 2: the step is learning_rate, and the second moment .004."""
    optimizer, table = LazyAdam(0.1), make_table(1, 1, [[0.0]])
    np.testing.assert_allclose(trained(optimizer, one_row([[[1.0], [1.0]]]), table), [[-0.1]], rtol=1e-5)
    np.testing.assert_allclose(np.asarray(optimizer.variables[-1]), [[0.004]])


def test_rowwise_adagrad_steps_as_solved_by_hand():
    """Gradient [3, 4]: accumulator 12.5, then 25, so [.3, .4] / sqrt(12.5) and [.3, .4] / 5 with a rate of .1."""
    table = make_table(1, 2, [[0.0, 0.0]])
    moved = trained(RowwiseAdagrad(0.1), one_row([[[1.0, 4.0], [2.0, 0.0]], [[3.0, 4.0]]], (1, 2)), table)
    np.testing.assert_allclose(moved, [[-0.3 / 12.5**0.5 - 0.06, -0.4 / 12.5**0.5 - 0.08]], rtol=1e-6)


def test_rowwise_adagrad_equals_a_numpy_reference():
    table_VD, sums_V = np.asarray(make_table(), np.float64), np.zeros(V)
    for gradient_VD in map(np.asarray, densely(batches(6))):
        sums_V += (gradient_VD**2).mean(axis=1)
        table_VD -= 0.1 * gradient_VD / (np.sqrt(sums_V)[:, None] + 1e-8)
    np.testing.assert_allclose(trained(RowwiseAdagrad(0.1), batches(6)), table_VD, rtol=1e-5, atol=1e-6)


def test_rowwise_adagrad_keeps_one_number_per_row_and_one_per_element_of_a_vector():
    optimizer, bias = RowwiseAdagrad(), keras.layers.Dense(4)
    bias.build((None, 5))
    optimizer.build([make_table(), *bias.trainable_variables])
    shapes = [tuple(variable.shape) for variable in optimizer.variables if len(variable.shape)]
    assert shapes == [(V, 1), (5, 1), (4,)]


@pytest.mark.parametrize("optimizer", ROWS)
def test_compiled_by_xla_it_trains_alike(optimizer):
    plain = trained(optimizer(0.1), batches(3))
    compiled, table = optimizer(0.1), make_table()
    compiled.build([table])
    step = tf.function(lambda gradient: compiled.apply_gradients([(gradient, table)]), jit_compile=True)
    for gradient in batches(3):
        step(gradient)
    np.testing.assert_allclose(np.asarray(table), plain, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("optimizer", ROWS)
def test_clipping_sees_the_summed_rows(optimizer):
    """[3, 4, 0] of one id in three slices has norm 5: clipped to 1 it steps as the slice [.6, .8, 0]."""
    parts, whole = one_row([[[1.0, 4.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], [[0.6, 0.8, 0.0]]], (V, D))
    clipped = trained(optimizer(0.1, clipnorm=1.0), [parts])
    np.testing.assert_allclose(clipped, trained(optimizer(0.1), [whole]), rtol=1e-6)


def test_values_are_clipped_after_repeats_are_summed():
    opposed = one_row([[[5.0], [-4.0]]])
    table = trained(SparseSGD(0.1, clipvalue=2.0), opposed, make_table(1, 1, [[0.0]]))
    np.testing.assert_allclose(table, [[-0.1]], rtol=1e-6)


def test_only_rows_of_the_batch_decay():
    gradient = tf.IndexedSlices(tf.zeros([2, 1]), tf.constant([1, 1]), tf.constant([2, 1]))
    table = trained(SparseSGD(0.1, weight_decay=0.5), [gradient], make_table(2, 1, [[1.0], [1.0]]))
    np.testing.assert_allclose(table, [[1.0], [0.95]], rtol=1e-6)


def test_variables_can_be_kept_from_decay():
    gradient = tf.IndexedSlices(tf.zeros([1, 1]), tf.constant([0]), tf.constant([1, 1]))
    optimizer, table = LazyAdam(0.1, weight_decay=0.5), make_table(1, 1, [[1.0]])
    optimizer.exclude_from_weight_decay(var_list=[table])
    np.testing.assert_array_equal(trained(optimizer, [gradient], table), [[1.0]])


def tensors_with_all_rows(optimizer, rows):
    """Operations of a compiled step that give a tensor with a row for every id of the vocabulary."""
    table = make_table(rows, D, np.zeros((rows, D)))
    optimizer.build([table])

    @tf.function
    def step(ids):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.gather(tensor_variable(table), ids) ** 2)
        optimizer.apply_gradients([(tape.gradient(loss, tensor_variable(table)), table)])

    operations = step.get_concrete_function(tf.TensorSpec([50], tf.int32)).graph.get_operations()
    outputs = [output for operation in operations for output in operation.outputs if output.dtype != tf.resource]
    return [output.op.type for output in outputs if rows in (output.shape or ())]


@pytest.mark.parametrize("optimizer", ROWS)
def test_no_tensor_of_a_step_has_the_vocabularys_rows(optimizer):
    assert tensors_with_all_rows(optimizer(0.1, weight_decay=0.1, clipnorm=1.0), rows=1009) == []


def test_stock_adam_has_tensors_with_the_vocabularys_rows():
    assert "ReadVariableOp" in tensors_with_all_rows(keras.optimizers.Adam(0.1), rows=1009)


def test_config_offers_every_optimizer():
    assert tuple(OPTIMIZERS) == CONFIGURABLE
