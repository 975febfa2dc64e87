"""Arms that draw random numbers are compared draw by draw where that can be, else in distribution."""

import tensorflow as tf
from certify_arms import FLOATS, KL, Arm, first_different, functional, make_pair, plain, sound

from pipeline.certify.pair import Options
from pipeline.certify.values import check
from pipeline.frontend import keras


def found(baseline, candidate):
    return list(check(make_pair(baseline, candidate, FLOATS), Options()))


def test_dropout_of_equal_rate_draws_alike():
    class Dropping(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = KL.Dropout(0.3)

        def call(self, x, training=None):
            return self.inner(x, training=training)

    assert sound(found(Dropping, functional((6,), lambda x: KL.Dropout(0.3)(x))))


def test_dropout_of_another_rate_differs_in_values():
    lighter, heavier = (functional((6,), lambda x, rate=rate: KL.Dropout(rate)(x)) for rate in (0.3, 0.4))
    assert first_different(found(lighter, heavier)).level == "values"


def test_draws_that_can_not_be_paired_are_inconclusive_at_best():
    def noisy(salt):
        def run(_s, x, t):
            return x + tf.random.normal(tf.shape(x), seed=salt) if t else x

        return lambda: Arm(lambda *_: None, run)

    findings = found(noisy(1), noisy(2))
    assert "inconclusive" in {finding.outcome for finding in findings}
    assert "different" not in {finding.outcome for finding in findings}


def test_an_arm_that_draws_in_both_modes_is_the_same_as_itself():
    noisy = plain(lambda x: x + tf.random.normal(tf.shape(x)))
    shown = {finding.outcome for finding in found(noisy, noisy)}
    assert not {"different", "inconclusive", "error"} & shown


def test_draws_of_another_spread_differ():
    def noisy(spread):
        return lambda: Arm(
            lambda *_: None, lambda _s, x, t: x + tf.random.normal(tf.shape(x), stddev=spread) if t else x
        )

    assert first_different(found(noisy(1.0), noisy(2.0))).level == "values"
