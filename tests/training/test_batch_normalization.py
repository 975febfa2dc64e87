"""A model with batch statistics, through our own loop: they are those of one device if the layer says so."""

import dataclasses

import msgspec
import pytest
from small_data import digits
from synthetic import MIRRORED, make_trial

from pipeline.frontend import keras
from pipeline.layers import projection, registry
from pipeline.training.run import run

ROLES = {**projection.FAMILY.roles, **{name: (name,) for name in ("gamma", "beta", "moving_mean", "moving_variance")}}


def normalized(spec, *, synchronized):
    features_BF = keras.Input((spec.features,))
    normal = keras.initializers.RandomNormal(seed=spec.seed)
    # Without a bias: its gradient would be nothing but rounding, because the normalisation takes it out again.
    linear_BU = keras.layers.Dense(spec.units, use_bias=False, kernel_initializer=normal, name="linear")(features_BF)
    return keras.Model(features_BF, keras.layers.BatchNormalization(synchronized=synchronized)(linear_BU))


def synchronized(spec):
    return normalized(spec, synchronized=True)


def plain(spec):
    return normalized(spec, synchronized=False)


@pytest.fixture(scope="module")
def agreement():
    """Of a block with synchronised and of one with plain batch statistics, each trained on two replicas by SGD."""
    family = dataclasses.replace(
        projection.FAMILY, arms={"class": synchronized, "functional": plain}, code={}, roles=ROLES
    )
    trial = make_trial("projection", MIRRORED, optimizer="sgd", learning_rate=0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", {"projection": family}.get)
        evidence = run(msgspec.structs.replace(trial, agreement=True), digits())
    return dict(zip(("synchronized", "plain"), evidence.agreement, strict=True))


def test_synchronized_batch_normalization_trains_as_on_one_device(agreement):
    found = agreement["synchronized"]
    assert max(found.weights.values()) < 1e-5
    assert found.train_loss < 1e-6


def test_synchronized_batch_normalization_keeps_the_same_statistics_on_every_replica(agreement):
    assert set(agreement["synchronized"].replicas.values()) == {0.0}


def test_plain_batch_normalization_does_not_train_as_on_one_device(agreement):
    found = agreement["plain"]
    assert found.weights["gamma"] > 1e-3
    assert found.train_loss > 1e-4
