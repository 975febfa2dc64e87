"""The bank's truths, shown without the product: every SAME pair agrees, every DIFFERENT pair has a witness."""

import os
import pickle
import subprocess
import sys
from collections import Counter

import pytest
import tensorflow as tf

from pipeline.frontend import NAME, keras, set_dtype_policy
from pipeline.selftest import bank, experiment, witness
from pipeline.selftest.pair import LEVELS, Pair

# Keras 3.15 reads its variables with np.array(), which numpy 2 says will need a copy keyword.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HERE = [pair for pair in bank() if NAME in pair.frontends]
SAME = [pair for pair in HERE if pair.truth == "same"]
DIFFERENT = [pair for pair in HERE if pair.truth == "different"]
# TensorFlow's own gelu is 4e-9 off in float64.
FLOAT64_ROUNDING, FLOAT32_ROUNDING = 1e-8, 1e-4
# Keras 3.15 layer norm rounds as float32 does under a float64 policy, as long as floatx is float32.
POLICY_ROUNDING = {"mixed_bfloat16": 6e-2, "mixed_float16": 8e-3, "float64": 1e-5}
UNSAVED = "lifecycle_unconfigured"
SAVED = [pair for pair in SAME if pair.name != UNSAVED]
STEPPED = [pair for pair in SAME if len(pair.inputs[0].shape) > 1]


def names(pairs: list[Pair]) -> list[str]:
    return [pair.name for pair in pairs]


@pytest.fixture
def float64():
    keras.backend.set_floatx("float64")
    set_dtype_policy("float64")
    yield
    keras.backend.set_floatx("float32")
    set_dtype_policy("float32")


@pytest.mark.parametrize("pair", SAME, ids=names(SAME))
@pytest.mark.usefixtures("float64")
def test_same_arms_agree_in_float64_outputs_gradients_and_state(pair):
    tensors = experiment.sample(pair.inputs, "float64")
    baseline, candidate = experiment.matched(pair, tensors)
    for training in (False, True, True):
        outputs = [experiment.call(arm, tensors, training) for arm in (baseline, candidate)]
        tf.nest.assert_same_structure(*outputs)
        assert experiment.gap(*outputs) < FLOAT64_ROUNDING
        found = pair.weights.aligned(experiment.gradients(candidate, tensors, training))
        assert experiment.gap(experiment.gradients(baseline, tensors, training), found) < FLOAT64_ROUNDING
    states = pair.weights.aligned(experiment.weights(candidate))
    assert experiment.gap(experiment.weights(baseline), states) < FLOAT64_ROUNDING


@pytest.mark.parametrize("pair", SAME, ids=names(SAME))
def test_same_arms_agree_after_training(pair):
    tensors = experiment.sample(pair.inputs)
    arms = experiment.matched(pair, tensors)
    optimizer = keras.optimizers.SGD if pair.optimizers else keras.optimizers.Adam
    one, two = (experiment.trained(arm, tensors, optimizer(0.01)) for arm in arms)
    assert experiment.gap(one, pair.weights.aligned(two)) < FLOAT32_ROUNDING


@pytest.mark.parametrize("pair", SAVED, ids=names(SAVED))
def test_same_arms_come_back_from_a_file_as_they_went(pair):
    tensors = experiment.sample(pair.inputs)
    for arm in experiment.matched(pair, tensors):
        again = experiment.reloaded(arm, tensors)
        assert experiment.gap(*(experiment.call(model, tensors, False) for model in (arm, again))) == 0


@pytest.mark.skipif(NAME != "keras", reason="a pair of Keras 3")
def test_the_pair_that_cannot_be_saved_says_so():
    (pair,) = [pair for pair in SAME if pair.name == UNSAVED]
    tensors = experiment.sample(pair.inputs)
    _, candidate = experiment.matched(pair, tensors)
    with pytest.raises(NotImplementedError, match="get_config"):
        experiment.reloaded(candidate, tensors)


@pytest.mark.parametrize("policy", POLICY_ROUNDING)
@pytest.mark.parametrize("pair", SAME, ids=names(SAME))
def test_same_arms_agree_under_dtype_policies(pair, policy):
    tensors = experiment.sample(pair.inputs)
    set_dtype_policy(policy)
    try:
        arms = experiment.matched(pair, tensors)
        outputs = [tf.nest.flatten(experiment.call(arm, tensors, False)) for arm in arms]
    finally:
        set_dtype_policy("float32")
    assert [part.dtype for part in outputs[0]] == [part.dtype for part in outputs[1]]
    assert experiment.gap(*outputs) < POLICY_ROUNDING[policy]


@pytest.mark.parametrize("pair", STEPPED, ids=names(STEPPED))
def test_same_arms_hand_on_the_same_mask(pair):
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = (experiment.out_mask(arm, tensors) for arm in experiment.matched(pair, tensors))
    assert (baseline is None) == (candidate is None)


@pytest.mark.parametrize("pair", DIFFERENT, ids=names(DIFFERENT))
def test_different_arms_have_a_witness(pair):
    assert pair.witness(pair) > witness.THRESHOLD


def test_the_bank_is_large_enough_and_spread_over_levels_and_splits():
    pairs = bank()
    truths = Counter(pair.truth for pair in pairs)
    assert truths["same"] >= 45
    assert truths["different"] >= 70
    levels = Counter(pair.level for pair in pairs if pair.truth == "different")
    assert set(levels) == set(LEVELS)
    assert min(levels.values()) >= 5
    held_out = Counter(pair.truth for pair in pairs if pair.split == "held_out")
    assert all(0.25 <= held_out[truth] / truths[truth] <= 0.4 for truth in truths)


def test_names_are_unique_and_every_pair_says_why():
    pairs = bank()
    assert len({pair.name for pair in pairs}) == len(pairs)
    assert all(pair.why.endswith(".") for pair in pairs)


def test_only_different_pairs_have_a_level_and_a_witness():
    assert all((pair.truth == "different") == bool(pair.level) == bool(pair.witness) for pair in bank())


@pytest.mark.skipif(NAME != "keras", reason="one frontend starts the other")
@pytest.mark.parametrize("frontend", ["tf_keras"])
def test_the_pairs_of_the_other_frontend_are_true_there(frontend):
    truths = "float64_outputs or have_a_witness or agree_after_training"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", truths, __file__]
    done = subprocess.run(command, env={**os.environ, "PARITY_FRONTEND": frontend}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_every_pair_can_cross_to_another_process():
    for pair in bank():
        assert pickle.loads(pickle.dumps(pair)).name == pair.name


def test_the_package_imports_neither_keras_nor_tensorflow():
    script = "import sys, pipeline.selftest.runner; print([name in sys.modules for name in ('keras', 'tensorflow')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[False, False]\n"
