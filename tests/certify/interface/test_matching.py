import numpy as np
import pytest
import tensorflow as tf
from certify_arms import (
    FLOATS,
    IDS,
    KL,
    ROWS,
    as_layer,
    dense_class,
    dense_functional,
    functional,
    matched,
    table_weights,
)

from pipeline.certify.interface import transplant
from pipeline.errors import ConfigError


def two_squares(names, run):
    def make(layer, _shape):
        layer.first = layer.add_weight(name=names[0], shape=(6, 6), initializer="glorot_uniform")
        layer.second = layer.add_weight(name=names[1], shape=(6, 6), initializer="glorot_uniform")

    return as_layer(make, run)


def chain(s, x, _t):
    return tf.matmul(tf.nn.tanh(tf.matmul(x, s.first)), s.second)


def chain_reversed(s, x, _t):
    return tf.matmul(tf.nn.tanh(tf.matmul(x, s.second)), s.first)


def candidates(match):
    return [role.candidate.split("/")[-1] for role in match.weight_map]


def outcomes_of(match):
    return {finding.outcome for finding in match.findings}


def test_weights_of_unlike_shape_pair_up_whatever_their_names():
    _, match = matched(dense_class(), dense_functional(), FLOATS)
    assert match.complete
    assert candidates(match) == ["kernel", "bias"]


def test_alike_weights_pair_by_equal_own_names_not_by_order():
    _, match = matched(two_squares("qk", chain), two_squares("kq", chain_reversed), FLOATS)
    assert candidates(match) == ["q", "k"]


def test_alike_weights_without_common_names_pair_by_behaviour():
    _, match = matched(two_squares("ab", chain), two_squares("cd", chain_reversed), FLOATS)
    assert match.complete
    assert candidates(match) == ["d", "c"]


def test_gain_and_offset_pair_by_their_initial_value():
    def make(names):
        def build(layer, _shape):
            layer.offset = layer.add_weight(name=names[0], shape=(6,), initializer="zeros")
            layer.gain = layer.add_weight(name=names[1], shape=(6,), initializer="ones")

        return build

    def run(s, x, _t):
        return x * s.gain + s.offset

    _, match = matched(as_layer(make("ab"), run), as_layer(make("cd"), run), FLOATS)
    assert candidates(match) == ["c", "d"]


def test_interchangeable_weights_pair_up_once_tried():
    def total(s, x, _t):
        return tf.matmul(x, s.first) + tf.matmul(x, s.second)

    _, match = matched(two_squares("ab", total), two_squares("cd", total), FLOATS)
    assert match.complete


def test_alike_weights_of_arms_that_no_pairing_makes_equal_are_a_difference():
    def other(s, x, _t):
        return tf.matmul(tf.nn.relu(tf.matmul(x, s.first)), s.second)

    _, match = matched(two_squares("ab", chain), two_squares("cd", other), FLOATS)
    assert not match.complete
    assert outcomes_of(match) == {"different"}


def test_alike_weights_that_behaviour_can_not_tell_apart_ask_for_a_map():
    def crossed(s, x, _t):
        """Equal to `chain` while both weights are equal or one moves a little less than another way round."""
        return tf.matmul(tf.nn.tanh(tf.matmul(x, s.first)), s.second) + 1e-3 * tf.matmul(x, s.first - s.second)

    _, match = matched(two_squares("ab", chain), two_squares("cd", crossed), FLOATS)
    assert not match.complete
    finding = next(finding for finding in match.findings if finding.outcome == "inconclusive")
    assert "weights map" in finding.sentence
    assert "/a" in finding.sentence
    assert "/d" in finding.sentence


def test_an_explicit_map_settles_what_names_would_pair_otherwise():
    baseline, candidate = two_squares("qk", chain), two_squares("qk", chain_reversed)
    _, match = matched(baseline, candidate, FLOATS, {"q": "k", "k": "q"})
    assert candidates(match) == ["k", "q"]


def test_a_map_that_names_no_weight_is_refused_with_the_names_there_are():
    with pytest.raises(ConfigError, match=r"no unpaired weight called 'w'.*kernel"):
        matched(dense_class(), dense_functional(), FLOATS, {"w": "kernel"})


def test_a_fused_weight_is_a_difference():
    def fused(layer, _shape):
        layer.both = layer.add_weight(name="both", shape=(6, 12), initializer="glorot_uniform")

    def run(s, x, _t):
        first, second = tf.split(s.both, 2, axis=1)
        return tf.matmul(tf.nn.tanh(tf.matmul(x, first)), second)

    _, match = matched(two_squares("ab", chain), as_layer(fused, run), FLOATS)
    finding = next(finding for finding in match.findings if finding.outcome == "different")
    assert "fuse or split" in finding.sentence


def test_a_table_with_one_row_more_is_a_difference():
    def run(s, x, _t):
        return tf.gather(s.table, x)

    bigger = as_layer(lambda layer, shape: table_weights(layer, shape, rows=21), run)
    _, match = matched(as_layer(table_weights, run), bigger, IDS)
    assert "different" in outcomes_of(match)


def test_a_frozen_weight_is_a_difference_and_still_pairs_up():
    def frozen():
        model = dense_functional()()
        model.trainable = False
        return model

    _, match = matched(dense_class(), frozen, FLOATS)
    assert len(match.roles) == 2
    assert "frozen in the candidate" in next(f.sentence for f in match.findings if f.outcome == "different")


def test_seed_states_of_two_dropouts_pair_by_what_they_draw():
    def wire(order):
        def build(x):
            rates = {"light": 0.1, "heavy": 0.6}
            for name in order:
                x = KL.Dropout(rates[name])(x)
            return x

        return build

    light_first = functional((6,), wire(("light", "heavy")))
    _, match = matched(light_first, light_first, FLOATS)
    assert match.complete


def test_transplant_gives_the_candidate_the_baselines_weights():
    models, match = matched(dense_class(), dense_functional(), FLOATS)
    transplant(match)
    x = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    np.testing.assert_allclose(models[0](x), models[1](x), rtol=1e-6)


def test_another_initial_value_is_noted():
    ones = functional((6,), lambda x: KL.Dense(4, activation="relu", bias_initializer="ones")(x))
    _, match = matched(dense_class(), ones, FLOATS)
    assert match.complete
    assert any(finding.check == "initial values" for finding in match.findings)


def test_attention_projections_of_stock_layers_pair_with_named_ones():
    def make(layer, _shape):
        layer.q = layer.add_weight(name="q", shape=(6, 6), initializer="glorot_uniform")
        layer.k = layer.add_weight(name="k", shape=(6, 6), initializer="glorot_uniform")

    def run(s, x, _t):
        return tf.nn.softmax(tf.matmul(tf.matmul(x, s.q), tf.matmul(x, s.k), transpose_b=True)) @ x

    def wire(x):
        k, q = KL.Dense(6, use_bias=False, name="k")(x), KL.Dense(6, use_bias=False, name="q")(x)
        return KL.Dot(axes=(2, 1))([KL.Softmax()(KL.Dot(axes=(2, 2))([q, k])), x])

    _, match = matched(as_layer(make, run), functional((5, 6), wire), ROWS)
    assert [role.candidate for role in match.weight_map] == ["q/kernel", "k/kernel"]
