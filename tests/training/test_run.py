"""Whole trials on small data, under this process's frontend."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from synthetic import DATA, MIRRORED, PROFILE, make_trial

from pipeline.errors import DataError, TrialError
from pipeline.records import Evidence, ExampleTrial, Resources, Strategy
from pipeline.store.weights import unpack
from pipeline.training.run import run, train_arms

FAMILIES = list(DATA)
POLICIES = ["float64", "mixed_bfloat16", "mixed_float16"]


def relative_error(weights, others):
    return max(np.abs(weights[role] - others[role]).max() / np.abs(others[role]).max() for role in others)


@pytest.fixture(scope="module")
def one_device():
    """Every family, trained once on one device."""
    return {family: train_arms(make_trial(family), DATA[family]()) for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_mirrored_training_equals_one_device_training(family, one_device):
    for mirrored, alone in zip(
        train_arms(make_trial(family, MIRRORED), DATA[family]()), one_device[family], strict=True
    ):
        assert relative_error(mirrored.weights, alone.weights) < 1e-5
        assert mirrored.result.train_loss == pytest.approx(alone.result.train_loss, rel=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_default_strategy_trains_bitwise_as_one_device(family, one_device):
    for default, alone in zip(
        train_arms(make_trial(family, Strategy()), DATA[family]()), one_device[family], strict=True
    ):
        assert default.result.weights_digest == alone.result.weights_digest


@pytest.mark.parametrize("family", FAMILIES)
def test_arms_train_to_the_same_weights(family, one_device):
    baseline, candidate = one_device[family]
    assert relative_error(candidate.weights, baseline.weights) < 1e-5


@pytest.mark.parametrize("kept", [True, False])
def test_evidence_carries_the_final_weights_where_the_trial_keeps_them(kept, one_device):
    evidence = run(msgspec.structs.replace(make_trial(FAMILIES[0]), keep_weights=kept), DATA[FAMILIES[0]]())

    found = unpack(evidence)
    assert list(found) == (["class", "functional"] if kept else [])
    for arm, weights in zip(one_device[FAMILIES[0]], found.values(), strict=False):
        assert {role: value.tobytes() for role, value in weights.items()} == {
            role: value.tobytes() for role, value in arm.weights.items()
        }


@pytest.mark.parametrize("family", FAMILIES)
def test_training_again_in_a_warm_process_is_bitwise_the_same(family, one_device):
    for again, before in zip(train_arms(make_trial(family), DATA[family]()), one_device[family], strict=True):
        assert again.result.weights_digest == before.result.weights_digest
        assert again.result.train_loss == before.result.train_loss
        assert again.result.metrics == before.result.metrics


def test_fresh_process_gives_bitwise_the_warm_ones_result(one_device):
    code = """
from synthetic import DATA, make_trial
from pipeline.training.run import train_arms
print([arm.result.weights_digest for arm in train_arms(make_trial("stateful"), DATA["stateful"]())])
"""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path}
    fresh = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == str([arm.result.weights_digest for arm in one_device["stateful"]])


def test_another_seed_trains_to_other_weights(one_device):
    other, _ = train_arms(make_trial("projection", seed=4), DATA["projection"]())
    assert relative_error(other.weights, one_device["projection"][0].weights) > 0.1


def test_training_lowers_the_loss():
    baseline, _ = train_arms(make_trial("lookup", epochs=10, dropout=0.0, learning_rate=0.1), DATA["lookup"]())
    assert baseline.result.train_loss[-1] < 0.2 * baseline.result.train_loss[0]


def test_steps_per_call_do_not_change_the_result(one_device):
    other, _ = train_arms(make_trial("stateful", steps_per_call=1), DATA["stateful"]())
    assert other.result.weights_digest == one_device["stateful"][0].result.weights_digest


def test_lambda_keeps_its_captured_weights_and_the_map_shows_the_gap():
    evidence = run(make_trial("projection", candidate="lambda"), DATA["projection"]())
    gaps = [weight.role for weight in evidence.weight_map if weight.candidate is None]
    assert gaps == ["kernel", "bias"]
    baseline, candidate = evidence.arms
    assert (baseline.trainable_parameters, candidate.trainable_parameters) == (12 * 6 + 6 + 6 * 3 + 3, 6 * 3 + 3)
    assert baseline.train_loss != candidate.train_loss


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("family", FAMILIES)
def test_arms_train_alike_under_every_dtype_policy(family, policy):
    baseline, candidate = train_arms(make_trial(family, cell={"dtype_policy": policy}), DATA[family]())
    coarse = {"float64": 1e-12, "mixed_bfloat16": 0.1, "mixed_float16": 0.02}[policy]
    assert relative_error(candidate.weights, baseline.weights) < coarse


@pytest.mark.parametrize("family", FAMILIES)
def test_compiled_training_equals_uncompiled(family, one_device):
    compiled = train_arms(make_trial(family, cell={"jit": True}), DATA[family]())
    for arm, plain in zip(compiled, one_device[family], strict=True):
        assert relative_error(arm.weights, plain.weights) < 1e-4


def test_loss_that_is_not_finite_ends_the_trial_and_says_where():
    diverging = make_trial("lookup", optimizer="sgd", learning_rate=1e30, dropout=0.0)
    with pytest.raises(TrialError, match=r"seed 3: class arm, epoch 1: the loss is (inf|nan)") as ended:
        run(diverging, DATA["lookup"]())
    assert ended.value.category == "numeric"


def test_output_that_is_not_finite_ends_the_trial_even_if_the_loss_was():
    diverging = make_trial("lookup", optimizer="sgd", learning_rate=1e38, dropout=0.0, steps=1)
    with pytest.raises(TrialError, match="class arm, epoch 1: an output for held-out data is not finite") as ended:
        run(diverging, DATA["lookup"]())
    assert ended.value.category == "numeric"


def test_evidence_holds_both_arms_and_survives_json():
    trial = make_trial("stateful")
    evidence = run(trial, DATA["stateful"]())
    assert msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence) == evidence
    assert evidence.trial == trial
    assert [arm.style for arm in evidence.arms] == ["class", "functional"]
    baseline = evidence.arms[0]
    assert (baseline.parameters, baseline.trainable_parameters) == (4 + 4 + 4 + 4 + 1, 4 + 4 + 4 + 1)
    assert (len(baseline.train_loss), len(baseline.held_out)) == (2, 2)
    assert baseline.held_out[-1] == baseline.metrics["average_precision"]
    assert {"tensorflow", "keras", "tf_keras", "numpy"} <= set(evidence.worker.versions)


def test_second_trial_of_a_process_is_warm():
    run(make_trial("lookup"), DATA["lookup"]())
    assert run(make_trial("lookup"), DATA["lookup"]()).worker.warm


def test_example_trial_needs_no_data_and_is_the_same_again():
    trial = ExampleTrial("e", "stateful_layer", PROFILE.frontend, PROFILE, Resources())
    evidence = run(trial, None)
    assert (evidence.stages[-1].name, evidence.stages[-1].worked) == ("build", False)
    assert run(trial, None).stages == evidence.stages


def test_train_trial_without_data_is_refused():
    with pytest.raises(DataError, match="digits: was not handed to the trial"):
        run(make_trial("projection"), None)


def test_speed_counts_the_examples_that_were_seen():
    baseline, _ = train_arms(make_trial("lookup", epochs=1, steps=2), DATA["lookup"]())
    assert baseline.result.examples_per_second * baseline.result.train_seconds == pytest.approx(2 * 16)
