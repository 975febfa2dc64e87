"""What a trial keeps for TensorBoard: histograms after each epoch, and the graphs of the forward passes."""

import msgspec
import numpy as np
import pytest
import tensorflow as tf
from synthetic import DATA, MIRRORED, ONE_DEVICE, make_trial

from pipeline.records import Strategy
from pipeline.store import kept
from pipeline.store.weights import arrays
from pipeline.training.histograms import K, buckets
from pipeline.training.run import run, train_arms


def keeping(family, strategy=ONE_DEVICE, **cell):
    return msgspec.structs.replace(
        make_trial(family, strategy, cell=cell), keep_histograms=True, keep_graphs=True, keep_weights=True
    )


@pytest.fixture(scope="module")
def ratings():
    """Evidence of a table of which a batch touches some rows."""
    return run(keeping("lookup"), DATA["lookup"]())


def test_histograms_are_of_every_weight_and_its_gradient_after_each_epoch(ratings):
    found = arrays(ratings.kept[kept.HISTOGRAMS])

    roles = ("table", "head/kernel", "head/bias")
    assert set(found["class"]) == {f"{kind}/{role}" for kind in ("weights", "gradients") for role in roles}
    assert {values.shape for values in found["functional"].values()} == {(2, K, 3)}


def test_the_last_histogram_is_that_of_the_final_weights(ratings):
    table = arrays(ratings.weights)["class"]["table"]
    np.testing.assert_array_equal(arrays(ratings.kept[kept.HISTOGRAMS])["class"]["weights/table"][-1], buckets(table))


def test_equal_arms_have_equal_gradients(ratings):
    found = arrays(ratings.kept[kept.HISTOGRAMS])
    for name, values in found["class"].items():
        np.testing.assert_allclose(found["functional"][name], values, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("strategy", [MIRRORED, Strategy("central_storage", 2), Strategy()])
def test_gradients_are_those_of_one_device_under_every_strategy(strategy):
    one, other = (train_arms(keeping("projection", each), DATA["projection"]())[0] for each in (ONE_DEVICE, strategy))
    for name, values in one.histograms.items():
        np.testing.assert_allclose(other.histograms[name][:, :, :2], values[:, :, :2], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("family", ["lookup", "stateful"])
def test_keeping_files_changes_no_number(family):
    for bare, keeper in zip(
        train_arms(make_trial(family), DATA[family]()), train_arms(keeping(family), DATA[family]()), strict=True
    ):
        assert keeper.result.weights_digest == bare.result.weights_digest
        assert keeper.result.metrics == bare.result.metrics


@pytest.mark.parametrize("cell", [{"loop": "fit"}, {"dtype_policy": "mixed_float16"}, {"jit": True}])
def test_gradients_are_kept_whatever_the_loop(cell):
    found = arrays(run(keeping("projection", **cell), DATA["projection"]()).kept[kept.HISTOGRAMS])
    assert found["class"]["gradients/head/kernel"][:, :, 2].sum() > 0


def test_a_trial_that_does_not_ask_keeps_nothing():
    assert run(make_trial("projection"), DATA["projection"]()).kept == {}


def test_graphs_are_of_both_arms_forward_passes(ratings):
    for style in ("class", "functional"):
        graph = tf.compat.v1.GraphDef.FromString(ratings.kept[kept.graph_of(style)])
        operations = {node.op for node in graph.node} | {
            node.op for function in graph.library.function for node in function.node_def
        }
        assert {"MatMul", "Placeholder"} <= operations


def test_buckets_count_every_finite_value():
    found = buckets(np.array([0.0, 1.0, 3.0, np.nan, np.inf]))

    assert (found[0, 0], found[-1, 1], found[:, 2].sum()) == (0.0, 3.0, 3.0)
