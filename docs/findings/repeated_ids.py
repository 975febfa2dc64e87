"""Keras 3's optimizers do not sum the rows of a sparse gradient that name one id twice.

A batch that holds an id twice gives two rows for it.  Summed, they are the gradient of a dense layer; squared one by
one they are not.  So an Embedding and a one-hot Dense, equal in value and gradient, train apart.  tf_keras sums first.
Way out: sum by `tf.unique` and `tf.math.unsorted_segment_sum` in an optimizer's `update_step`.
"""

import keras
import tensorflow as tf
import tf_keras

NAMES = ("SGD", "Lion", "Adagrad", "Adam", "AdamW", "RMSprop", "Nadam", "Adamax", "Ftrl")
TWICE = tf.IndexedSlices(tf.constant([[1.0], [1.0]]), tf.constant([1, 1]), tf.constant([2, 1]))
DENSE = tf.constant([[0.0], [2.0]])


def step(frontend, name, gradient):
    variable = frontend.Variable(tf.zeros((2, 1))) if frontend is keras else tf.Variable(tf.zeros((2, 1)))
    getattr(frontend.optimizers, name)(0.1).apply_gradients([(gradient, variable)])
    return float(variable[1, 0])


print("first step of the id: two rows of 1 | one dense row of 2")
for name in NAMES:
    shown = []
    for frontend in (keras, tf_keras):
        sparse, dense = step(frontend, name, TWICE), step(frontend, name, DENSE)
        apart = "" if abs(sparse - dense) < 1e-5 else "  APART"
        shown.append(f"{frontend.__name__} {sparse:+.3f} | {dense:+.3f}{apart}")
    print(f"{name:8} {'   '.join(shown)}")
