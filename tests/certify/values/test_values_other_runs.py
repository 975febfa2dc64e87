"""The same arms run another way, compiled by XLA or in float64: what that adds to the findings."""

import tensorflow as tf
from certify_arms import FLOATS, KL, Arm, dense_class, dense_functional, first_different, make_pair, plain

from pipeline.certify.pair import Options
from pipeline.certify.values import check


def found(baseline, candidate):
    return list(check(make_pair(baseline, candidate, FLOATS), Options()))


def test_an_arm_that_xla_can_not_compile_is_loud():
    def spelled(x):
        return x + 0.0 * tf.cast(tf.strings.length(tf.as_string(x)), x.dtype)

    findings = found(plain(tf.identity), plain(spelled))
    assert [finding.check for finding in findings if finding.outcome == "loud"] == ["xla"]


def test_hidden_weights_that_a_float64_copy_draws_anew_do_not_arbitrate():
    def hiding():
        hidden = KL.Dense(4)
        hidden.build((None, 6))
        return Arm(lambda *_: None, lambda _, x, __: hidden(x))

    finding = first_different(found(hiding, hiding))
    assert "float64" not in finding.sentence


def test_the_precision_of_both_arms_is_told():
    note = next(finding for finding in found(dense_class(), dense_functional()) if finding.check == "precision")
    assert note.details["baseline_relative_error"] < 1e-5
