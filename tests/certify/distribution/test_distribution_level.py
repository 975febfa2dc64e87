"""Does an arm train on two replicas as on one device?  test_distribution_process runs some of it under tf_keras."""

from functools import partial

import pytest
import tensorflow as tf
from certify_arms import (
    FLOATS,
    KL,
    as_layer,
    dense_class,
    dense_functional,
    dense_weights,
    first_different,
    functional,
    make_pair,
    outcomes,
    plain,
    sound,
)

from pipeline.certify.comparison import compare
from pipeline.certify.distribution import check
from pipeline.certify.pair import Options
from pipeline.layers import registry
from pipeline.records import InputSpec

FAMILIES = {
    "projection": ({"features": 5, "units": 4}, (InputSpec((5,)),)),
    "lookup": ({"tokens": 3, "vocabulary": 7, "width": 4}, (InputSpec((3,), "int32", 0, 6),)),
    "stateful": ({"steps": 4, "features": 2, "units": 3}, (InputSpec((4, 2)),)),
}
SAME = {"replicas agree": "same", "as on one device": "same", "arm against arm": "same"}


def arm(family, style):
    known, inputs = FAMILIES["stateful" if family == "unaggregated" else family]
    entry = registry.load(family)
    return partial(entry.arms[style], entry.spec(**known)), inputs


def found(baseline, candidate, inputs=FLOATS):
    return list(check(make_pair(baseline, candidate, inputs), Options()))


def against_itself(builder, inputs=FLOATS):
    return found(builder, builder, inputs)


def normalised(**options):
    return functional((6,), lambda x: KL.Dense(3)(KL.BatchNormalization(**options)(x)))


def fails_on_replicas(layer, x, _training):
    if tf.distribute.get_strategy().num_replicas_in_sync > 1:
        raise ValueError("not on replicas")
    return tf.nn.relu(tf.matmul(x, layer.w) + layer.b)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_trains_on_replicas_as_on_one_device_in_both_styles(family):
    (baseline, inputs), (candidate, _) = arm(family, "class"), arm(family, "functional")
    assert outcomes(found(baseline, candidate, inputs)) == SAME


def test_a_state_without_aggregation_is_named_with_its_cause():
    (baseline, inputs), (candidate, _) = arm("unaggregated", "class"), arm("unaggregated", "functional")
    certificate = compare(baseline, candidate, inputs, levels=("values", "distribution"))
    assert (certificate.verdict, certificate.level) == ("different", "distribution")
    assert "the baseline's stateful/state differs between 2 replicas by " in certificate.sentence
    assert "the candidate's carry/state differs between 2 replicas by " in certificate.sentence
    assert "its aggregation is none, so every replica keeps its own" in certificate.sentence


def test_one_arm_without_aggregation_is_the_only_one_blamed():
    (baseline, inputs), (candidate, _) = arm("stateful", "class"), arm("unaggregated", "class")
    findings = found(baseline, candidate, inputs)
    assert set(outcomes(findings).values()) == {"different"}
    assert "baseline" not in first_different(findings).sentence


def test_batch_normalization_of_each_replicas_own_rows_is_a_difference_with_its_cause():
    findings = against_itself(normalised())
    assert outcomes(findings)["as on one device"] == "different"
    assert "synchronized=True" in first_different(findings).sentence


def test_synchronized_batch_normalization_trains_as_on_one_device():
    assert outcomes(against_itself(normalised(synchronized=True))) == SAME


def test_what_only_float32_parts_is_rounding_and_no_difference():
    """The moments of rows near 100 lose four digits to cancellation, in the replicas' way of computing them."""
    findings = against_itself(normalised(synchronized=True), (InputSpec((6,), "float32", 100, 101),))
    (note,) = [finding for finding in findings if finding.outcome != "same"]
    assert (note.check, note.outcome) == ("as on one device", "note")
    assert "in float64 they agree" in note.sentence


def test_a_layer_that_mixes_the_rows_of_its_batch_is_told_to():
    centred = as_layer(dense_weights, lambda s, x, _t: tf.matmul(x, s.w) - tf.reduce_mean(tf.matmul(x, s.w), 0))
    findings = against_itself(centred)
    assert outcomes(findings)["as on one device"] == "different"
    assert "depends on the other rows of its batch" in first_different(findings).sentence


def test_an_arm_with_dropout_is_trained_in_inference_mode_and_says_why():
    findings = against_itself(functional((6,), lambda x: KL.Dense(4)(KL.Dropout(0.5)(x))))
    assert sound(findings)
    assert "draws random numbers in train mode" in next(f.sentence for f in findings if f.check == "mode")


def test_arms_that_always_draw_are_not_trained():
    noise = as_layer(dense_weights, lambda s, x, _t: tf.matmul(x + tf.random.normal(tf.shape(x)), s.w))
    assert outcomes(against_itself(noise)) == {"mode": "note"}


def test_a_regularizer_counts_as_often_as_on_one_device():
    assert outcomes(against_itself(dense_functional(kernel_regularizer="l2"))) == SAME


def test_a_counter_of_calls_is_the_same_on_every_replica():
    def make(layer, shape):
        dense_weights(layer, shape)
        options = {"dtype": "int32", "initializer": "zeros", "trainable": False}
        layer.calls = layer.add_weight(name="calls", shape=(), **options)

    def run(layer, x, _training):
        layer.calls.assign(layer.calls + 1)
        return tf.matmul(x, layer.w)

    assert outcomes(against_itself(as_layer(make, run))) == SAME


def test_an_arm_that_raises_on_replicas_where_the_other_works_is_loud():
    finding = found(dense_functional(), dense_class(fails_on_replicas))[0]
    assert (finding.check, finding.outcome) == ("training on replicas", "loud")
    assert "the candidate raises" in finding.sentence
    assert "not on replicas" in finding.sentence


def test_the_arm_that_works_on_replicas_is_still_looked_at():
    seen = outcomes(found(dense_functional(), dense_class(fails_on_replicas)))
    assert {"replicas agree": "same", "as on one device": "same"}.items() <= seen.items()


def test_arms_that_both_raise_on_replicas_are_alike_in_that():
    assert outcomes(against_itself(dense_class(fails_on_replicas))) == {"training on replicas": "note"}


def test_an_arm_that_raises_on_one_device_is_an_error_and_no_pass():
    broken = dense_class(lambda s, x, _t: tf.matmul(tf.ensure_shape(x, (2, 6)), s.w))
    assert outcomes(against_itself(broken)) == {"preparation": "error"}


def test_arms_without_variables_have_nothing_to_train():
    assert outcomes(against_itself(plain(tf.identity))) == {"mode": "note"}


def test_an_output_without_rows_has_no_loss_that_replicas_could_share():
    pooled = as_layer(dense_weights, lambda s, x, _t: tf.reduce_mean(tf.matmul(x, s.w), 0))
    assert outcomes(against_itself(pooled)) == {"mode": "note"}


@pytest.mark.parametrize("policy", ["float64", "mixed_bfloat16"])
def test_other_dtype_policies_have_their_own_tolerance(policy):
    certificate = compare(dense_class(), dense_class(), FLOATS, levels=("values", "distribution"), dtype_policy=policy)
    assert certificate.verdict == "identical"
    assert [finding.outcome for finding in certificate.findings if finding.level == "distribution"] == ["same"] * 3
