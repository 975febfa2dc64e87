"""What goes through a family's block, and what goes round it to the head."""

import numpy as np
import pytest
import tensorflow as tf
from small_data import people
from synthetic import MIRRORED, make_trial

from pipeline.errors import ConfigError
from pipeline.layers import registry
from pipeline.layers.view import view
from pipeline.training import arms, intake
from pipeline.training.run import run, train_arms


def build(family, dataset=None, **training):
    return arms.build(make_trial(family, **training), "class", registry.load(family), dataset or people())


def predict(arm, parts):
    return np.asarray(arm.predict({name: tf.constant(values) for name, values in parts.items()}))


def test_numbers_go_round_a_block_of_columns():
    arm, parts = build("multi_table"), people().test.parts
    assert arm.head.get_layer("head").kernel.shape[0] == 3 * 3 + 4
    moved = {**parts, "vectors": parts["vectors"] + 1}
    assert not np.array_equal(predict(arm, parts), predict(arm, moved))


def test_columns_go_round_a_block_of_numbers_as_zeros_and_ones():
    arm, parts = build("projection"), people().test.parts
    head = arm.head.get_layer("head")
    assert head.kernel.shape[0] == 6 + 5 + 3 + 4
    kernel = np.zeros(head.kernel.shape, "float32")
    kernel[6:, 0] = np.arange(12)  # what each value of each column counts for
    head.kernel.assign(kernel)
    first, second, third = parts["columns"].T
    np.testing.assert_array_equal(predict(arm, parts)[:, 0], first + (5 + second) + (8 + third))


def test_many_values_of_columns_are_embedded(monkeypatch):
    monkeypatch.setattr(intake, "ONE_HOT_MOST", 11)
    arm = build("projection")
    roles = arms.roles(arm, registry.load("projection"))
    assert tuple(roles["beside/embeddings"].shape) == (12, intake.WIDTH)
    assert arm.head.get_layer("head").kernel.shape[0] == 6 + 3 * intake.WIDTH
    roles["beside/embeddings"].assign(np.repeat(np.arange(12.0)[:, None], intake.WIDTH, axis=1))
    kernel = np.zeros((6 + 3 * intake.WIDTH, 1), "float32")
    kernel[6 :: intake.WIDTH] = 1
    arm.head.get_layer("head").kernel.assign(kernel)
    parts = people().test.parts
    np.testing.assert_array_equal(predict(arm, parts)[:, 0], parts["columns"].sum(axis=1) + 5 + 8)


def test_columns_are_seen_as_ids_of_one_vocabulary():
    arm, parts = build("lookup"), people().test.parts
    table = arms.roles(arm, registry.load("lookup"))["table"]
    assert tuple(table.shape) == (12, 5)
    table.assign(np.repeat(np.arange(12.0)[:, None], 5, axis=1))
    vectors_BD = np.asarray(arm.block(arm.intake.block({"columns": tf.constant(parts["columns"])})))
    np.testing.assert_allclose(vectors_BD[:, 0], (parts["columns"].sum(axis=1) + 13) / 3, rtol=1e-6)


def test_a_family_without_its_kind_of_data_is_refused():
    with pytest.raises(ConfigError, match="people has vectors, columns, not windows"):
        view(people(), ("windows",))


def test_hidden_layers_stand_between_block_and_outputs():
    arm = build("multi_table", hidden=[7, 5])
    roles = arms.roles(arm, registry.load("multi_table"))
    shapes = {role: tuple(variable.shape) for role, variable in roles.items() if role.endswith("kernel")}
    assert shapes == {"hidden_0/kernel": (13, 7), "hidden_1/kernel": (7, 5), "head/kernel": (5, 1)}


@pytest.mark.parametrize("family", ["multi_table", "projection", "lookup"])
def test_fit_and_our_loop_train_the_same_on_several_parts(family):
    trials = [make_trial(family, cell={"data": "people", "loop": loop}, hidden=[4]) for loop in ("custom", "fit")]
    ours, fits = (train_arms(trial, people())[0] for trial in trials)
    for role, value in ours.weights.items():
        np.testing.assert_allclose(fits.weights[role], value, rtol=1e-4, atol=1e-6, err_msg=role)


@pytest.mark.parametrize("family", ["multi_table", "projection"])
def test_replicas_get_their_rows_of_every_part(family):
    alone, apart = (
        train_arms(make_trial(family, strategy, cell={"data": "people"}, hidden=[4]), people())[1]
        for strategy in (make_trial(family).cell.strategy, MIRRORED)
    )
    for role, value in alone.weights.items():
        np.testing.assert_allclose(apart.weights[role], value, rtol=1e-4, atol=1e-5, err_msg=role)


def test_clicks_are_judged_by_ranking_and_by_accuracy():
    evidence = run(make_trial("multi_table", epochs=8, learning_rate=0.05), people())
    metrics = evidence.arms[0].metrics
    assert set(metrics) == {"auc", "accuracy"}
    assert metrics["auc"] > 0.8  # the label follows from the data
