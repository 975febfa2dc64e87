import numpy as np
import pytest
import tensorflow as tf
from small_data import digits, ratings
from synthetic import DATA, make_trial

from pipeline.frontend import keras
from pipeline.layers import registry
from pipeline.training import arms


def build(family, style="class", **training):
    trial = make_trial(family, **training)
    return arms.build(trial, style, registry.load(family), DATA[family]())


def kept(arm, positions, step):
    return np.asarray(arm.kept_BD(tf.constant(positions), tf.constant(step)))


def test_replicas_take_their_rows_of_the_draws_for_the_global_batch():
    arm = build("projection")
    parts = [kept(arm, rows, step=5) for rows in (range(8), range(8, 16))]
    np.testing.assert_array_equal(np.concatenate(parts), kept(arm, range(16), step=5))


def test_both_arms_get_the_same_draws_and_each_step_others():
    baseline, candidate = build("projection"), build("projection", "functional")
    np.testing.assert_array_equal(kept(baseline, range(16), 5), kept(candidate, range(16), 5))
    assert not np.array_equal(kept(baseline, range(16), 5), kept(baseline, range(16), 6))


def test_kept_values_are_scaled_so_that_the_mean_stays():
    arm = build("projection", dropout=0.25, global_batch=4000)
    kept_BD = kept(arm, range(4000), 0)
    assert set(np.unique(kept_BD)) == {np.float32(0.0), np.float32(1 / 0.75)}
    assert kept_BD.mean() == pytest.approx(1.0, abs=0.02)


def test_nothing_is_dropped_at_inference():
    arm, inputs = build("projection", dropout=0.5), digits().test.parts
    expected = arm.head(arm.block(inputs["vectors"]))
    np.testing.assert_array_equal(np.asarray(arm.predict(inputs)), np.asarray(expected))


def test_ratings_start_at_the_mean_rating():
    arm = build("lookup")
    np.testing.assert_allclose(np.asarray(arm.head.get_layer("head").bias), [ratings().train.targets.mean()], rtol=1e-6)


@pytest.mark.parametrize(
    ("policy", "compute", "variable"),
    [
        ("float64", "float64", "float64"),
        ("mixed_bfloat16", "bfloat16", "float32"),
        ("mixed_float16", "float16", "float32"),
    ],
)
def test_arm_has_the_cells_policy_and_later_layers_do_not(policy, compute, variable):
    arm = arms.build(
        make_trial("stateful", cell={"dtype_policy": policy}), "class", registry.load("stateful"), DATA["stateful"]()
    )
    assert {layer.compute_dtype for layer in (arm.block.layers[-1], arm.head.layers[-1])} == {compute}
    assert {layer.variable_dtype for layer in (arm.block.layers[-1], arm.head.layers[-1])} == {variable}
    assert keras.layers.Dense(1).compute_dtype == "float32"


def test_roles_hold_the_blocks_and_the_heads_weights():
    arm = build("lookup", "functional")
    assert list(arms.roles(arm, registry.load("lookup"))) == ["table", "head/kernel", "head/bias"]
