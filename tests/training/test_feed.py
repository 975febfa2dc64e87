import numpy as np
import pytest
import tensorflow as tf
from synthetic import digits

from pipeline.errors import TrialError
from pipeline.records import Training
from pipeline.training import feed


def test_every_epoch_is_another_permutation():
    order_SB = feed.order_SB(Training(epochs=2, global_batch=4), seed=1, examples=8)
    assert [sorted(order_SB[:2].ravel()), sorted(order_SB[2:].ravel())] == [list(range(8))] * 2
    assert not np.array_equal(order_SB[:2], order_SB[2:])


def test_order_is_numpys_permutation_of_seed_and_epoch():
    order_SB = feed.order_SB(Training(epochs=3, global_batch=8), seed=5, examples=8)
    np.testing.assert_array_equal(order_SB[2], np.random.default_rng([5, 2]).permutation(8))


def test_rest_that_fills_no_batch_is_dropped():
    assert feed.order_SB(Training(epochs=1, global_batch=4), seed=0, examples=11).shape == (2, 4)


def test_steps_limit_an_epoch():
    assert feed.order_SB(Training(epochs=2, global_batch=4, steps=1), seed=0, examples=11).shape == (2, 4)


def test_batch_larger_than_the_data_is_refused():
    with pytest.raises(TrialError, match="global_batch=12 is more than the 11 examples"):
        feed.steps_per_epoch(Training(global_batch=12), 11)


def test_replicas_get_consecutive_parts_of_the_global_batch():
    cpus = [device.name for device in tf.config.list_logical_devices("CPU")[:2]]
    mirrored = tf.distribute.MirroredStrategy(cpus, cross_device_ops=tf.distribute.ReductionToOneDevice())
    dataset, training = digits(), Training(epochs=1, global_batch=8)
    inputs, _ = next(feed.batches(dataset, training, 1, mirrored))
    parts = [part.numpy() for part in mirrored.experimental_local_results(inputs)]
    assert [len(part) for part in parts] == [4, 4]
    order_B = feed.order_SB(training, 1, 64)[0]
    np.testing.assert_array_equal(np.concatenate(parts), dataset.train_inputs[order_B])
