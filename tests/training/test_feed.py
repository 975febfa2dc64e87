import numpy as np
import pytest
import tensorflow as tf
from small_data import digits

from pipeline.errors import TrialError
from pipeline.records import Training
from pipeline.training import feed


@pytest.fixture
def mirrored():
    cpus = [device.name for device in tf.config.list_logical_devices("CPU")[:2]]
    return tf.distribute.MirroredStrategy(cpus, cross_device_ops=tf.distribute.ReductionToOneDevice())


def replicas(mirrored, values):
    return [part.numpy() for part in mirrored.experimental_local_results(values)]


def test_every_epoch_is_another_permutation():
    first, second = (feed.order_N(1, epoch, 8) for epoch in (0, 1))
    assert [sorted(first), sorted(second)] == [list(range(8))] * 2
    assert not np.array_equal(first, second)


def test_order_is_numpys_permutation_of_seed_and_epoch():
    np.testing.assert_array_equal(feed.order_N(5, 2, 8), np.random.default_rng([5, 2]).permutation(8))


def test_rest_that_fills_no_batch_is_dropped():
    assert feed.sizes(Training(global_batch=4), 11) == [4, 4]


def test_rest_is_kept_as_a_smaller_batch_where_asked_for():
    assert feed.sizes(Training(global_batch=4, remainder="keep"), 11) == [4, 4, 3]


def test_rest_with_less_than_an_example_for_each_replica_is_dropped_all_the_same():
    assert feed.sizes(Training(global_batch=4, remainder="keep"), 9, replicas=2) == [4, 4]


def test_steps_limit_an_epoch():
    assert feed.sizes(Training(global_batch=4, steps=1), 11) == [4]


def test_batch_larger_than_the_data_is_refused():
    with pytest.raises(TrialError, match="global_batch=12 is more than the 11 examples"):
        feed.sizes(Training(global_batch=12), 11)


def test_replicas_get_consecutive_parts_of_the_global_batch(mirrored):
    dataset, training = digits(), Training(global_batch=8)
    inputs, _, positions, examples = next(feed.batches(dataset, training, 1, mirrored, range(1)))
    parts = replicas(mirrored, inputs["vectors"])
    assert [len(part) for part in parts] == [4, 4]
    np.testing.assert_array_equal(np.concatenate(parts), dataset.train.parts["vectors"][feed.order_N(1, 0, 64)[:8]])
    assert [part.tolist() for part in replicas(mirrored, positions)] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert replicas(mirrored, examples) == [8, 8]


def test_replicas_share_a_smaller_last_batch(mirrored):
    training = Training(global_batch=40, remainder="keep")
    iterator = feed.batches(digits(), training, 1, mirrored, range(1))
    next(iterator)
    inputs, _, positions, examples = next(iterator)
    assert [len(part) for part in replicas(mirrored, inputs["vectors"])] == [12, 12]
    assert np.concatenate(replicas(mirrored, positions)).tolist() == list(range(24))
    assert replicas(mirrored, examples) == [24, 24]


def test_feed_of_later_epochs_begins_where_the_whole_one_comes_to():
    training = Training(epochs=2, global_batch=32)
    whole = [np.asarray(inputs["vectors"]) for inputs, *_ in feed.elements(digits(), training, 1, range(2))]
    later = [np.asarray(inputs["vectors"]) for inputs, *_ in feed.elements(digits(), training, 1, range(1, 2))]
    np.testing.assert_array_equal(whole[2:], later)


def test_one_cpu_is_fed_without_a_strategys_machinery():
    alone = feed.batches(digits(), Training(global_batch=32), 1, tf.distribute.OneDeviceStrategy("/cpu:0"), range(1))
    assert isinstance(alone, tf.data.Iterator)


@pytest.mark.parametrize("remainder", ["drop", "keep"])
def test_portable_feed_gives_the_same_elements(remainder):
    training = Training(global_batch=24, remainder=remainder)
    usual, portable = (
        list(feed.elements(digits(), training, 1, range(2), 2, [0, 1], portable=portable)) for portable in (False, True)
    )
    assert len(usual) == len(portable)
    for one, other in zip(usual, portable, strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, one, other)


def test_own_replicas_elements_are_their_shares_only():
    training = Training(global_batch=32)
    second = [np.asarray(inputs["vectors"]) for inputs, *_ in feed.elements(digits(), training, 1, range(1), 2, [1])]
    whole = [np.asarray(inputs["vectors"]) for inputs, *_ in feed.elements(digits(), training, 1, range(1))]
    np.testing.assert_array_equal(second, [batch[16:] for batch in whole])
