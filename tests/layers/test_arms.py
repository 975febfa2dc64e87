"""Facts about every family's arms, under this process's frontend; test_legacy_frontend runs them under the other."""

import numpy as np
import pytest
from small_arms import WIDTHS, build, draw, outputs, share

from pipeline.frontend import keras
from pipeline.layers import registry
from pipeline.layers.family import weights_by_role

PAIRS = [(name, style) for name, entry in registry.FAMILIES.items() for style in entry.styles]
TRACKED = [(name, style) for name, style in PAIRS if style != "lambda"]
OTHERS = [(name, style) for name, style in TRACKED if style != "class"]
DRAWN = [name for name in registry.FAMILIES if name != "plain"]  # which has no weights


@pytest.mark.parametrize("name", DRAWN)
def test_arms_of_other_seeds_are_others(name):
    baseline, candidate = build(name, "class", seed=1)[0], build(name, "functional", seed=2)[0]
    assert not np.allclose(outputs(baseline, draw(name)), outputs(candidate, draw(name)))


@pytest.mark.parametrize(("name", "style"), OTHERS)
def test_arms_agree_when_they_share_weights(name, style):
    (baseline, weights), (candidate, others) = build(name, "class", seed=1), build(name, style, seed=2)
    share(weights, others)
    for training in (False, True, False):
        np.testing.assert_allclose(
            outputs(baseline, draw(name), training), outputs(candidate, draw(name), training), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize(("name", "style"), PAIRS)
def test_arm_gives_vectors_for_any_batch(name, style):
    model, _ = build(name, style)
    assert tuple(model.output_shape) == (None, WIDTHS[name])
    assert outputs(model, draw(name, batch=1)).shape == (1, WIDTHS[name])


@pytest.mark.parametrize(("name", "style"), TRACKED)
def test_every_arm_that_tracks_its_weights_tracks_the_same_roles(name, style):
    assert list(build(name, style)[1]) == list(registry.load(name).roles)


def test_lambda_tracks_no_weight():
    assert build("projection", "lambda")[0].weights == []


def test_lambda_computes_what_the_class_does_all_the_same():
    inputs = draw("projection")
    np.testing.assert_allclose(
        outputs(build("projection", "lambda")[0], inputs), outputs(build("projection", "class")[0], inputs), rtol=1e-6
    )


@pytest.mark.parametrize("name", DRAWN)
def test_seed_decides_the_initial_weights(name):
    first, again, other = (outputs(build(name, "class", seed)[0], draw(name)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(("name", "style"), TRACKED)
def test_arm_survives_saving_and_loading(name, style, tmp_path):
    model, _ = build(name, style)
    expected = outputs(model, draw(name), training=True), outputs(model, draw(name))
    model.save(tmp_path / "arm.keras")
    loaded = keras.models.load_model(tmp_path / "arm.keras")
    np.testing.assert_array_equal(outputs(loaded, draw(name)), expected[1])


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_class_layer_comes_back_from_its_config(name):
    layer = build(name, "class")[0].layers[-1]
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("style", ["class", "functional"])
def test_projection_of_a_hand_solved_row(style):
    family = registry.load("projection")
    model = family.arms[style](family.spec(features=2, units=2))
    weights = weights_by_role(model, family)
    weights["kernel"].assign([[1.0, -1.0], [2.0, -2.0]])
    weights["bias"].assign([0.5, 0.5])
    # [1, 1] @ [[1, -1], [2, -2]] + .5 = [3.5, -2.5], and the relu cuts the second
    np.testing.assert_array_equal(outputs(model, np.ones((1, 2), "float32")), [[3.5, 0.0]])


@pytest.mark.parametrize("style", ["class", "functional"])
def test_lookup_of_two_rows_averages_them(style):
    family = registry.load("lookup")
    model = family.arms[style](family.spec(tokens=2, vocabulary=3, width=2))
    weights_by_role(model, family)["table"].assign([[1.0, 2.0], [10.0, 20.0], [3.0, 6.0]])
    ids_BT = np.array([[0, 2], [1, 1]], "int32")
    np.testing.assert_array_equal(outputs(model, ids_BT), [[2.0, 4.0], [10.0, 20.0]])


def small_stateful(style, name="stateful"):
    """h_t = tanh(2 x_t + .1 + h_{t-1}), from the state .5."""
    family = registry.load(name)
    model = family.arms[style](family.spec(steps=2, features=1, units=1))
    weights = weights_by_role(model, family)
    for role, value in {"kernel": [[2.0]], "bias": [0.1], "state": [0.5]}.items():
        weights[role].assign(value)
    return model, weights


WINDOWS_BTF = np.array([[[0.1], [0.2]], [[-0.1], [0.0]]], "float32")
# tanh(2 * .2 + .1 + tanh(2 * .1 + .1 + .5)) and tanh(2 * 0 + .1 + tanh(2 * -.1 + .1 + .5))
LAST_BU = np.tanh([[0.5 + np.tanh(0.8)], [0.1 + np.tanh(0.4)]])


@pytest.mark.parametrize("name", ["stateful", "unaggregated"])
@pytest.mark.parametrize("style", ["class", "functional"])
def test_stateful_runs_two_steps_as_by_hand(style, name):
    np.testing.assert_allclose(outputs(small_stateful(style, name)[0], WINDOWS_BTF), LAST_BU, rtol=1e-6)


@pytest.mark.parametrize("name", ["stateful", "unaggregated"])
@pytest.mark.parametrize("style", ["class", "functional"])
def test_training_carries_the_batchs_mean_state_on_one_device(style, name):
    model, weights = small_stateful(style, name)
    outputs(model, WINDOWS_BTF, training=True)
    np.testing.assert_allclose(np.asarray(weights["state"]), LAST_BU.mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_inference_leaves_the_state_as_it_is(style):
    model, weights = small_stateful(style)
    outputs(model, WINDOWS_BTF)
    np.testing.assert_array_equal(np.asarray(weights["state"]), np.float32([0.5]))
