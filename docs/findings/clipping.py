"""Both frontends clip a sparse gradient before its repeated rows are summed.

`clipnorm` and `clipvalue` see two rows of one id as two numbers, so an Embedding is clipped to another norm than the
dense layer that equals it.  Way out: sum the rows before the optimizer gets them.
"""

import keras
import tensorflow as tf
import tf_keras

TWICE = tf.IndexedSlices(tf.constant([[1.0], [1.0]]), tf.constant([1, 1]), tf.constant([2, 1]))
DENSE = tf.constant([[0.0], [2.0]])

for frontend in (keras, tf_keras):
    for clip in ({"clipnorm": 1.0}, {"clipvalue": 1.5}):
        steps = []
        for gradient in (TWICE, DENSE):
            variable = frontend.Variable(tf.zeros((2, 1))) if frontend is keras else tf.Variable(tf.zeros((2, 1)))
            frontend.optimizers.SGD(1.0, **clip).apply_gradients([(gradient, variable)])
            steps.append(float(variable[1, 0]))
        print(
            f"{frontend.__name__:8} SGD(1.0, {clip}): two rows of 1 {steps[0]:+.3f}, one dense row of 2 {steps[1]:+.3f}"
        )
