import numpy as np
import tensorflow as tf

from pipeline.certify.stacks import combined, flat
from pipeline.layers.family import Stack

FIRST, SECOND, ALONE = tf.Variable(tf.zeros([2, 1])), tf.Variable(tf.zeros([3, 1])), tf.Variable(0.0)
STACK = Stack((FIRST, SECOND))


def slices(rows, ids, size):
    return tf.IndexedSlices(tf.constant(rows), tf.constant(ids), tf.constant([size, 1]))


def test_parts_are_listed_in_their_order():
    assert [id(each) for each in flat([ALONE, STACK])] == [id(ALONE), id(FIRST), id(SECOND)]


def test_slices_of_parts_become_slices_of_the_whole_with_shifted_ids():
    alone, found = combined([ALONE, STACK], [tf.constant(7.0), slices([[1.0]], [1], 2), slices([[2.0]], [0], 3)])
    assert float(alone) == 7.0
    np.testing.assert_array_equal(found.indices, [1, 2])
    np.testing.assert_array_equal(found.values, [[1.0], [2.0]])
    np.testing.assert_array_equal(tf.convert_to_tensor(found), [[0.0], [1.0], [2.0], [0.0], [0.0]])


def test_one_dense_part_makes_the_whole_dense_and_a_missing_one_is_zero():
    (found,) = combined([STACK], [tf.constant([[1.0], [2.0]]), slices([[3.0], [4.0]], [1, 1], 3)])
    np.testing.assert_array_equal(found, [[1.0], [2.0], [0.0], [7.0], [0.0]])
    (found,) = combined([STACK], [None, tf.constant([[5.0], [6.0], [7.0]])])
    np.testing.assert_array_equal(found, [[0.0], [0.0], [5.0], [6.0], [7.0]])


def test_no_gradient_of_any_part_is_none():
    assert combined([STACK], [None, None]) == [None]
