"""Initial weights against what they are declared to be drawn from, and the streams that they are drawn from."""

import numpy as np
import pytest
from scipy import stats

from pipeline.certify.comparison import compare
from pipeline.certify.interface import declared
from pipeline.frontend import keras
from pipeline.records import InputSpec

INPUTS = [InputSpec((40,))]


def found(baseline, candidate, inputs=INPUTS):
    """(initialisers, random streams)."""
    findings = compare(baseline, candidate, inputs, levels=("interface",)).findings
    return [next(each for each in findings if each.check == check) for check in ("initialisers", "random streams")]


def dense(**options):
    return lambda: keras.layers.Dense(30, **options)


class Lying(keras.layers.Layer):
    """Declares a normal of 0.05 and holds one of 0.1."""

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 30), initializer="random_normal")
        self.bias = self.add_weight(name="bias", shape=(30,), initializer="zeros")
        self.kernel.assign(self.kernel * 2)

    def call(self, inputs):
        return keras.layers.Activation("linear")(inputs @ self.kernel + self.bias)


class Untold(keras.layers.Layer):
    """Draws from numpy's own generator, which no seed reaches."""

    def build(self, input_shape):
        def drawn(shape, **_):
            return np.random.default_rng().normal(size=shape).astype("float32")

        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 30), initializer=drawn)
        self.bias = self.add_weight(name="bias", shape=(30,), initializer="zeros")

    def call(self, inputs):
        return inputs @ self.kernel + self.bias


def test_equal_arms_start_as_declared_and_alike():
    laws, streams = found(dense(), dense())
    assert (laws.outcome, streams.outcome) == ("same", "same")
    assert (laws.details["tested"], laws.details["misfits"]) == (4, 0)
    assert (streams.details["roles"], streams.details["alike"]) == (1, 1)


def test_an_arm_without_a_seed_of_its_own_follows_the_global_seed():
    streams = found(dense(), dense(kernel_initializer=keras.initializers.GlorotUniform(seed=3)))[1]
    assert (streams.details["baseline_own_seed"], streams.details["candidate_own_seed"]) == (0, 1)
    assert (streams.outcome, streams.details["alike"]) == ("note", 0)


def test_arms_that_declare_other_initialisers_are_told_and_not_different():
    certificate = compare(dense(), dense(kernel_initializer="he_normal"), INPUTS)
    laws = next(each for each in certificate.findings if each.check == "initialisers")
    assert certificate.verdict == "proven"
    assert (laws.outcome, laws.details["apart"], laws.details["misfits"]) == ("note", 1, 0)
    assert "GlorotUniform" in laws.sentence
    assert "HeNormal" in laws.sentence


def test_a_weight_that_is_not_what_its_initialiser_promises_is_found():
    laws = found(dense(kernel_initializer="random_normal"), Lying)[0]
    assert (laws.outcome, laws.details["misfits"]) == ("note", 1)
    assert "of the candidate is not as declared" in laws.sentence


def test_a_draw_that_no_seed_reaches_does_not_repeat():
    streams = found(dense(), Untold)[1]
    assert (streams.details["baseline_repeated"], streams.details["candidate_repeated"]) == (1, 0)


def test_recording_leaves_the_layer_class_as_it_was():
    before = keras.layers.Layer.add_weight
    with declared.recorded() as names:
        keras.layers.Dense(2).build((None, 3))
    assert len(names) == 2
    assert keras.layers.Layer.add_weight is before


@pytest.mark.parametrize(
    ("name", "shape", "mean", "std", "bounds"),
    [
        ("random_uniform", (3,), 0.0, 0.1 / 12**0.5, (-0.05, 0.05)),
        ("random_normal", (3,), 0.0, 0.05, (-np.inf, np.inf)),
        ("glorot_uniform", (2, 4), 0.0, (2 / 6) ** 0.5, (-1.0, 1.0)),
        ("he_normal", (2, 4), 0.0, 1.0, (-2 / 0.8796256610342398, 2 / 0.8796256610342398)),
        ("lecun_uniform", (5, 3, 4), 0.0, (1 / 15) ** 0.5, (-(0.2**0.5), 0.2**0.5)),
    ],
)
def test_what_an_initialiser_promises_by_hand(name, shape, mean, std, bounds):
    law = declared.promised(keras.initializers.get(name), shape)
    assert (law.mean(), law.std()) == pytest.approx((mean, std))
    assert law.support() == pytest.approx(bounds)


@pytest.mark.parametrize("kind", ["TruncatedNormal", "HeNormal", "GlorotUniform", "LecunUniform", "RandomUniform"])
def test_ten_thousand_draws_fit_the_promise(kind):
    initializer = getattr(keras.initializers, kind)(seed=5)
    law = declared.promised(initializer, (100, 100))
    assert stats.kstest(np.asarray(initializer((100, 100))).ravel(), law.cdf).pvalue > 1e-3


def test_an_orthogonal_start_is_said_to_be_unknown():
    assert declared.promised(keras.initializers.Orthogonal(), (3, 3)) is None
