"""Steps on replicas and on one device, solved by hand."""

import numpy as np
import tensorflow as tf
from certify_arms import as_layer, make_pair

from pipeline.certify.distribution.devices import replicas
from pipeline.certify.distribution.steps import train, unit_scale
from pipeline.certify.fresh import fresh
from pipeline.certify.weights import read, write
from pipeline.records import InputSpec

ONE = (InputSpec((1,)),)
ROWS = np.arange(8, dtype="float32").reshape(8, 1) / 4
LEARNING_RATE = 0.01


def make(layer, _shape):
    layer.w = layer.add_weight(name="kernel", shape=(1, 1), initializer="ones")
    layer.last = layer.add_weight(name="last", shape=(1,), initializer="zeros", trainable=False)


def run(layer, x, _training):
    layer.last.assign(tf.reduce_mean(x, axis=0))
    return tf.matmul(x, layer.w)


def trained(strategy, optimizer="sgd", scale=1.0):
    """One step of y = w x from w = 0.5, with a state that holds the mean of the rows seen."""
    pair = make_pair(as_layer(make, run), as_layer(make, run), ONE)
    with strategy.scope():
        subject = fresh(pair.baseline, pair.builders[0])
    kernel, last = subject.roles
    write(subject, {kernel: np.full((1, 1), 0.5)})
    result = train(strategy, subject, optimizer, [[ROWS]], True, scale)
    return result, kernel, last


def gradient():
    """d/dw of the mean over the rows of softplus(w x), at w = 0.5: the mean of x sigmoid(x / 2)."""
    x = ROWS.astype(np.float64)
    return float(np.mean(x / (1 + np.exp(-0.5 * x))))


def test_a_step_of_sgd_on_replicas_is_the_one_over_the_global_batch():
    result, kernel, _ = trained(replicas())
    np.testing.assert_allclose(result.after[kernel], 0.5 - LEARNING_RATE * gradient(), rtol=1e-6)


def test_a_step_of_sgd_on_one_device_is_the_same():
    result, kernel, _ = trained(tf.distribute.get_strategy())
    np.testing.assert_allclose(result.after[kernel], 0.5 - LEARNING_RATE * gradient(), rtol=1e-6)


def test_a_first_step_of_adam_has_nearly_the_size_of_the_learning_rate():
    result, kernel, _ = trained(replicas(), "adam")
    step = LEARNING_RATE * gradient() / (gradient() + 1e-3 / np.sqrt(1 - 0.999))  # Keras adds epsilon to sqrt(v)
    np.testing.assert_allclose(result.after[kernel], 0.5 - step, rtol=1e-5)


def test_each_replica_sees_its_own_half_of_the_rows():
    result, _, last = trained(replicas())
    np.testing.assert_array_equal(np.concatenate(result.copies[last]), [ROWS[:4].mean(), ROWS[4:].mean()])


def test_training_leaves_the_variables_as_they_were():
    pair = make_pair(as_layer(make, run), as_layer(make, run), ONE)
    train(tf.distribute.get_strategy(), pair.baseline, "sgd", [[ROWS]], True, 1.0)
    np.testing.assert_array_equal(np.concatenate([value.ravel() for value in read(pair.baseline).values()]), [1.0, 0.0])


def test_the_unit_scale_makes_the_largest_gradient_one():
    pair = make_pair(as_layer(make, run), as_layer(make, run), ONE)
    write(pair.baseline, {pair.baseline.roles[0]: np.full((1, 1), 0.5)})
    np.testing.assert_allclose(unit_scale(pair.baseline, [ROWS], True), 1 / gradient(), rtol=1e-6)


def test_without_a_gradient_the_loss_keeps_its_scale():
    still = as_layer(make, lambda layer, x, _training: tf.stop_gradient(tf.matmul(x, layer.w)))
    assert unit_scale(make_pair(still, still, ONE).baseline, [ROWS], True) == 1.0
