import numpy as np
import tensorflow as tf

from pipeline.training import losses


def test_cross_entropy_of_equal_logits_is_the_log_of_the_classes():
    loss_B = losses.cross_entropy_B(tf.constant([0, 2]), tf.zeros((2, 3)))
    np.testing.assert_allclose(loss_B, np.log([3, 3]), rtol=1e-6)


def test_squared_error_takes_targets_with_and_without_an_output_axis():
    outputs_BO = tf.constant([[1.0], [4.0]])
    for targets in ([3.0, 4.0], [[3.0], [4.0]]):
        np.testing.assert_array_equal(losses.squared_error_B(tf.constant(targets), outputs_BO), [4.0, 0.0])


def test_squared_error_is_the_mean_over_outputs():
    loss_B = losses.squared_error_B(tf.constant([[0.0, 0.0]]), tf.constant([[1.0, 3.0]]))
    np.testing.assert_array_equal(loss_B, [5.0])


def test_half_precision_is_widened_and_double_kept():
    kinds = (tf.float16, tf.bfloat16, tf.float32, tf.float64)
    widened = [losses.at_least_float32(tf.zeros(1, kind)).dtype for kind in kinds]
    assert widened == [tf.float32, tf.float32, tf.float32, tf.float64]
