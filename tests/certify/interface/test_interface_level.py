import tensorflow as tf
from certify_arms import (
    FLOATS,
    KL,
    Arm,
    as_layer,
    dense_class,
    dense_functional,
    dense_weights,
    functional,
    make_pair,
    nothing,
    outcomes,
    plain,
    sound,
)

from pipeline.certify.interface import check
from pipeline.certify.pair import Options


def found(baseline, candidate, inputs=FLOATS):
    return list(check(make_pair(baseline, candidate, inputs), Options()))


def test_a_class_and_its_functional_counterpart_have_one_interface():
    assert sound(found(dense_class(), dense_functional()))


def test_another_output_dtype_is_a_difference():
    half = plain(lambda x: tf.cast(x, tf.float16))
    assert outcomes(found(plain(tf.identity), half))["outputs"] == "different"


def test_a_list_of_outputs_is_not_a_single_output():
    assert outcomes(found(plain(tf.identity), plain(lambda x: [x, x])))["outputs"] == "different"


def test_an_output_spec_that_lies_is_a_difference():
    class Lying(Arm):
        def compute_output_shape(self, input_shape):
            return (input_shape[0], 99)

        def compute_output_spec(self, x, training=None):  # noqa: ARG002 - Keras passes it by name
            return tf.TensorSpec((x.shape[0], 99), x.dtype)

    shown = outcomes(found(plain(tf.identity), lambda: Lying(nothing, lambda _s, x, _t: x)))
    assert shown["declared output"] == "different"


def test_an_untracked_variable_is_a_difference():
    kept = tf.Variable(tf.ones((6,)))
    findings = found(plain(tf.identity), plain(lambda x: x * kept))
    assert outcomes(findings)["untracked variables"] == "different"


def test_a_layer_captured_by_a_lambda_is_untracked():
    hidden = KL.Dense(4)
    hidden.build((None, 6))
    captured = functional((6,), lambda x: KL.Lambda(lambda t: hidden(t), output_shape=(4,))(x))
    assert outcomes(found(plain(lambda x: x[:, :4]), captured))["untracked variables"] == "different"


def test_a_missing_regulariser_is_a_difference():
    findings = found(dense_class(), dense_functional(kernel_regularizer="l2"))
    assert outcomes(findings)["losses"] == "different"


def test_equal_regularisers_are_the_same():
    regularised = dense_class(make=lambda layer, shape: dense_weights(layer, shape, regularizer="l2"))
    assert sound(found(regularised, dense_functional(kernel_regularizer="l2")))


def test_an_output_shape_that_depends_on_the_batch_is_a_difference():
    eight_is_special = plain(lambda x: x[:, :3] if x.shape[0] == 8 else x)
    assert outcomes(found(plain(tf.identity), eight_is_special))["outputs"] == "different"


def test_the_arms_keep_their_weights():
    pair = make_pair(dense_class(), dense_functional(), FLOATS)
    before = [weight.numpy().copy() for weight in pair.baseline.model.weights]
    list(check(pair, Options()))
    after = [weight.numpy() for weight in pair.baseline.model.weights]
    assert all((first == second).all() for first, second in zip(before, after, strict=True))


def test_an_unused_class_attribute_is_no_difference():
    assert sound(found(as_layer(nothing, lambda _s, x, _t: x, name="left"), as_layer(nothing, lambda _s, x, _t: x)))
