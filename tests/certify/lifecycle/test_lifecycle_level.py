import sys
from pathlib import Path

import pytest
import tensorflow as tf
from certify_arms import FLOATS, IDS, KL, ROWS, as_layer, functional, make_pair, outcomes, sound, table_weights

sys.path.insert(0, str(Path(__file__).parent))

import lifecycle_arms as arms

from pipeline.certify.lifecycle import check
from pipeline.certify.pair import Options
from pipeline.frontend import keras

QUICK = Options(fresh_process=False)


def found(baseline, candidate, inputs=FLOATS, options=QUICK):
    return list(check(make_pair(baseline, candidate, inputs), options))


def shown(*arguments, **keywords):
    return outcomes(found(*arguments, **keywords))


def registered(factor=2.0):
    return lambda: arms.RegisteredScale(factor)


def dense():
    return functional((6,), lambda x: KL.Dense(4, activation="relu")(x))


def test_two_well_made_arms_live_alike():
    assert sound(found(registered(), registered()))


def test_arms_that_carry_state_from_call_to_call_live_alike():
    findings = found(arms.Carrying, arms.Carrying)
    assert sound(findings)
    assert not any("alike in both" in finding.sentence for finding in findings if finding.outcome == "note")


def test_arms_that_never_repeat_themselves_are_inconclusive():
    noisy = as_layer(lambda *_: None, lambda _, x, __: x + tf.random.normal(tf.shape(x)))
    assert [finding.outcome for finding in found(noisy, noisy)] == ["inconclusive"]


def test_a_class_that_is_not_registered_is_loud():
    seen = shown(registered(), lambda: arms.Scale(2.0))
    assert seen["save and load"] == "loud"
    assert "different" not in seen.values()


def test_a_config_that_drops_a_hyperparameter_is_a_silent_difference():
    seen = shown(registered(), lambda: arms.ForgetfulScale(2.0))
    assert seen["config round trip"] == seen["save and load"] == seen["clone"] == "different"


def test_a_config_that_drops_a_dropout_rate_shows_in_train_mode():
    stock = functional((6,), lambda x: KL.Dropout(0.5)(x))
    assert shown(stock, lambda: arms.ForgetfulDropout(0.5))["config round trip"] == "different"


def test_what_both_arms_fail_alike_is_a_note():
    seen = shown(lambda: arms.ForgetfulScale(2.0), lambda: arms.ForgetfulScale(2.0))
    assert seen["config round trip"] == "note"
    assert "different" not in seen.values()


def test_a_mask_lost_by_an_arm_that_supports_masks_is_a_silent_difference():
    keeping = functional((5, 6), lambda x: KL.Activation("linear")(x))
    assert shown(arms.Masked, arms.SilentlyUnmasked, ROWS)["mask passes on"] == "different"
    assert shown(arms.Masked, keeping, ROWS)["mask passes on"] == "same"


def test_a_mask_lost_by_an_arm_that_declares_no_support_is_loud():
    assert shown(arms.Masked, arms.Unmasked, ROWS)["mask passes on"] == "loud"


def test_a_lookup_that_makes_no_mask_differs_from_one_that_does():
    plain = as_layer(table_weights, lambda s, x, _t: tf.gather(s.table, x))
    masking = functional((4,), lambda x: KL.Embedding(20, 3, mask_zero=True)(x), "int32")
    assert shown(plain, masking, IDS)["mask on the output"] == "different"


def test_a_counter_in_a_python_attribute_is_a_difference_of_state():
    identity = functional((6,), lambda x: KL.Activation("linear")(x))
    findings = found(identity, arms.Counting)
    assert "state" in {finding.level for finding in findings if finding.outcome == "different"}


@pytest.mark.parametrize(("policy", "outcome"), [("mixed_bfloat16", "different"), ("float64", "loud")])
def test_an_arm_that_ignores_a_mixed_dtype_policy_is_a_silent_difference(policy, outcome):
    options = Options(fresh_process=False, dtype_policies=(policy,))
    assert shown(arms.ByPolicy, arms.Float32Only, options=options)[f"dtype policy {policy}"] == outcome
    assert shown(arms.ByPolicy, arms.ByPolicy, options=options)[f"dtype policy {policy}"] == "same"


def test_an_arm_that_overflows_in_half_precision_is_a_silent_difference():
    options = Options(fresh_process=False, dtype_policies=("mixed_float16",))
    assert shown(arms.ByPolicy, arms.Overflowing, options=options)["dtype policy mixed_float16"] == "different"


def test_an_arm_that_trains_by_default_is_a_silent_difference():
    seen = shown(arms.InferenceByDefault, arms.TrainingByDefault)
    assert seen["default of the training flag"] == "different"


def test_a_builder_that_hands_out_one_arm_again_shares_weights():
    one = dense()()
    assert shown(dense(), lambda: one)["called twice, a builder gives two arms"] == "different"


def test_bad_ids_are_told_and_are_no_difference():
    wrapping = as_layer(table_weights, lambda s, x, _t: keras.ops.take(s.table, x, axis=0))
    zeros = as_layer(table_weights, lambda s, x, _t: tf.matmul(tf.one_hot(x, 20, dtype=s.table.dtype), s.table))
    notes = [finding for finding in found(wrapping, zeros, IDS) if finding.check == "bad ids"]
    assert {finding.outcome for finding in notes} == {"note"}
    assert "gives zeros" in notes[0].sentence


def test_a_frozen_batch_normalisation_is_worth_a_note_only():
    def make(layer, _shape):
        layer.mean = layer.add_weight(name="moving_mean", shape=(6,), initializer="zeros", trainable=False)
        layer.variance = layer.add_weight(name="moving_variance", shape=(6,), initializer="ones", trainable=False)

    def run(s, x, t):
        if not t:
            return (x - s.mean) * tf.math.rsqrt(s.variance + 1e-3)
        mean, variance = tf.nn.moments(x, [0])
        s.mean.assign(s.mean * 0.99 + mean * 0.01)
        s.variance.assign(s.variance * 0.99 + variance * 0.01)
        return (x - mean) * tf.math.rsqrt(variance + 1e-3)

    stock = functional((6,), lambda x: KL.BatchNormalization(center=False, scale=False)(x))
    seen = shown(as_layer(make, run), stock)
    assert seen["frozen, in train mode"] == "note"
    assert seen["state after training and evaluation"] == "same"


def test_a_lambda_is_loud_where_it_can_not_be_loaded_safely():
    closure = functional((6,), lambda x: KL.Lambda(lambda t: t * 2.0)(x))
    stock = functional((6,), lambda x: KL.Rescaling(2.0)(x))
    assert shown(stock, closure)["save and load"] == "loud"


def test_a_fresh_process_needs_the_code_of_a_class_and_not_of_stock_layers():
    pair = make_pair(functional((6,), lambda x: KL.Rescaling(2.0)(x)), registered(2.0), FLOATS)
    late = list(check(pair, Options(dtype_policies=())))[-1]
    assert late.check == "load in a fresh process"
    assert late.outcome == "loud"
    assert "the baseline loads alone, the candidate loads with its code" in late.sentence


def test_several_inputs_live_as_well():
    class Sum(keras.layers.Layer):
        def call(self, left, right):
            return left + right

    def stock():
        inputs = [keras.Input((6,)), keras.Input((6,))]
        return keras.Model(inputs, KL.Add()(inputs))

    seen = shown(Sum, stock, inputs=FLOATS * 2)
    assert "different" not in seen.values()
    assert "error" not in seen.values()
    assert seen["export and reload"] == "same"
