"""Batches are the same whether arrays are copied into tensors, too large for that, or mapped from a file."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from small_data import digits

from pipeline.records import Examples, Training
from pipeline.training import feed, rows


def mapped(folder, examples):
    """The same examples in files, mapped read-only."""

    def in_a_file(name, values):
        np.save(folder / f"{name}.npy", values)
        return np.load(folder / f"{name}.npy", mmap_mode="r")

    return Examples({name: in_a_file(name, values) for name, values in examples.parts.items()}, examples.targets)


def batches(dataset, remainder):
    training = Training(global_batch=24, remainder=remainder)
    return list(feed.elements(dataset, training, 1, range(2), replicas=2, own=[0, 1]))


def kinds_of_operation(dataset):
    """Of the graph that takes a batch."""
    take = rows.taker(dataset.train)
    graph = tf.function(take).get_concrete_function(tf.TensorSpec((3,), tf.int64)).graph
    return {operation.type for operation in graph.get_operations()}


@pytest.mark.parametrize("remainder", ["drop", "keep"])
def test_mapped_files_give_bitwise_the_batches_of_tensors(tmp_path, remainder):
    copied = batches(digits(), remainder)
    from_file = batches(replace(digits(), train=mapped(tmp_path, digits().train)), remainder)
    assert len(copied) == len(from_file)
    for one, other in zip(copied, from_file, strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, one, other)


@pytest.mark.parametrize("remainder", ["drop", "keep"])
def test_mapped_files_give_batches_of_the_same_type(tmp_path, remainder):
    training = Training(global_batch=24, remainder=remainder)
    both = [digits(), replace(digits(), train=mapped(tmp_path, digits().train))]
    copied, from_file = (feed.elements(dataset, training, 1, range(1)).element_spec for dataset in both)
    assert copied == from_file


def test_small_arrays_are_copied_into_tensors():
    assert "PyFuncStateless" not in kinds_of_operation(digits())


def test_large_arrays_stay_where_they_are(monkeypatch):
    monkeypatch.setattr(rows, "COPIED_MOST", 64 * (12 + 1) * 4 - 1)
    assert "PyFuncStateless" in kinds_of_operation(digits())


def test_arrays_of_just_the_most_that_is_copied_are_copied(monkeypatch):
    monkeypatch.setattr(rows, "COPIED_MOST", 64 * (12 + 1) * 4)
    assert "PyFuncStateless" not in kinds_of_operation(digits())


def test_view_of_a_mapped_file_is_not_copied_whole(tmp_path):
    train = mapped(tmp_path, digits().train)
    views = Examples({name: np.asarray(values)[:32] for name, values in train.parts.items()}, train.targets[:32])
    assert "PyFuncStateless" in kinds_of_operation(replace(digits(), train=views))


def test_portable_rows_are_of_tensors_alone(tmp_path):
    take = rows.taker(mapped(tmp_path, digits().train), portable=True)
    graph = tf.function(take).get_concrete_function(tf.TensorSpec((3,), tf.int64)).graph
    assert "PyFuncStateless" not in {operation.type for operation in graph.get_operations()}
