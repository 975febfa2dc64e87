"""A sparse gradient with each id once."""

import tensorflow as tf


def sum_repeats(gradient: tf.IndexedSlices) -> tf.IndexedSlices:
    """The same gradient with each id once, in order of first appearance, its rows summed in the order of the batch."""
    ids, position = tf.unique(gradient.indices)
    rows = tf.math.unsorted_segment_sum(gradient.values, position, tf.shape(ids)[0])
    return tf.IndexedSlices(rows, ids, gradient.dense_shape)


def sum_densely(gradient: tf.IndexedSlices) -> tf.Tensor:
    """The same gradient with a row for every id of the vocabulary."""
    return tf.convert_to_tensor(gradient)
