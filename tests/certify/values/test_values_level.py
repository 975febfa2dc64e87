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
    first_different,
    functional,
    make_pair,
    plain,
    sound,
    table_weights,
)

from pipeline.certify.pair import Options
from pipeline.certify.values import check
from pipeline.records import InputSpec


def found(baseline, candidate, inputs=FLOATS, **options):
    return list(check(make_pair(baseline, candidate, inputs), Options(**options)))


def pooled(clip_to=19):
    return as_layer(table_weights, lambda s, x, _t: tf.reduce_mean(tf.gather(s.table, tf.minimum(x, clip_to)), 1))


def normalised(epsilon):
    def make(layer, shape):
        layer.gamma = layer.add_weight(name="gamma", shape=(shape[-1],), initializer="ones")
        layer.beta = layer.add_weight(name="beta", shape=(shape[-1],), initializer="zeros")

    def run(s, x, _t):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return (x - mean) * tf.math.rsqrt(variance + epsilon) * s.gamma + s.beta

    return as_layer(make, run)


def batch_normalised(momentum):
    def make(layer, shape):
        layer.mean = layer.add_weight(name="moving_mean", shape=(shape[-1],), initializer="zeros", trainable=False)

    def run(s, x, t):
        if not t:
            return x - s.mean
        mean = tf.reduce_mean(x, 0)
        s.mean.assign(s.mean * momentum + mean * (1 - momentum))
        return x - mean

    return as_layer(make, run)


@tf.custom_gradient
def half_gradient(x):
    return tf.identity(x), lambda upstream: upstream * 0.5


def test_a_class_and_its_functional_counterpart_agree():
    assert sound(found(dense_class(), dense_functional()))


def test_a_lookup_agrees_with_its_stock_counterpart():
    stock = functional((4,), lambda x: KL.GlobalAveragePooling1D()(KL.Embedding(20, 3)(x)), "int32")
    assert sound(found(pooled(), stock, IDS))


def test_a_vocabulary_off_by_one_differs_in_values():
    assert first_different(found(pooled(), pooled(clip_to=18), IDS)).level == "values"


def test_a_vocabulary_off_by_one_is_shrunk_to_one_row_with_one_such_id():
    shown = first_different(found(pooled(), pooled(clip_to=18), IDS)).counterexample
    assert shown.batch == 1
    assert shown.inputs[0].values.count("19") == 1
    assert shown.smallest


def test_layer_normalisation_written_out_agrees_with_the_stock_layer():
    assert sound(found(normalised(1e-3), functional((6,), lambda x: KL.LayerNormalization()(x))))


@pytest.mark.parametrize("epsilon", [1e-5, 2e-3])
def test_another_epsilon_differs_in_values(epsilon):
    stock = functional((6,), lambda x: KL.LayerNormalization()(x))
    assert first_different(found(normalised(epsilon), stock)).level == "values"


def test_a_clip_that_only_large_weights_reach_differs_in_values():
    clipped = dense_class(lambda s, x, _t: tf.minimum(tf.nn.relu(tf.matmul(x, s.w) + s.b), 1e3))
    finding = first_different(found(clipped, dense_functional()))
    assert (finding.level, finding.check) == ("values", "large weights")


def test_a_rare_value_is_found_by_search():
    rare = plain(lambda x: tf.where(tf.reduce_sum(x, -1, keepdims=True) > 11.0, 0.0, x))
    narrow = (InputSpec((6,), "float32", 0.0, 2.0),)
    assert first_different(found(plain(tf.identity), rare, narrow)).level == "values"


def test_another_way_to_round_halves_differs_in_values():
    upwards = plain(lambda x: tf.floor(x + 0.5))
    finding = first_different(found(plain(tf.round), upwards, (InputSpec((6,), "float32", 0.0, 8.0),)))
    assert (finding.level, finding.check) == ("values", "adversarial batches")


@pytest.mark.parametrize("size", [3, 7])
def test_a_batch_size_treated_apart_differs_though_nobody_asked_for_it(size):
    apart = plain(lambda x: x * 2.0 if x.shape[0] == size else x * 1.0)
    assert first_different(found(plain(lambda x: x * 1.0), apart, batches=(1, 4))).check.startswith("batch sizes")


def test_a_finding_of_sameness_tells_the_worst_gap_and_whether_all_bits_agree():
    finding = next(f for f in found(dense_class(), dense_class()) if f.outcome == "same")
    assert finding.details["bitwise"] is True
    assert finding.details["worst_relative_error"] == 0.0
    assert finding.details["worst_ulps"] == 0.0


def test_a_stopped_gradient_differs_in_gradients_only():
    stopped = dense_class(lambda s, x, _t: tf.nn.relu(tf.matmul(x, s.w) + tf.stop_gradient(s.b)))
    assert first_different(found(stopped, dense_functional())).level == "gradient"


def test_half_a_gradient_differs_in_gradients_only():
    assert first_different(found(plain(tf.identity), plain(half_gradient))).level == "gradient"


def test_another_momentum_differs_in_state_only():
    assert first_different(found(batch_normalised(0.9), batch_normalised(0.99))).level == "state"


def test_equal_momentum_agrees():
    assert sound(found(batch_normalised(0.9), batch_normalised(0.9)))


def test_swapped_weights_of_equal_shape_differ_in_values():
    def make(layer, _shape):
        layer.q = layer.add_weight(name="q", shape=(6, 6), initializer="glorot_uniform")
        layer.k = layer.add_weight(name="k", shape=(6, 6), initializer="glorot_uniform")

    def attention(q, k, x):
        return tf.nn.softmax(tf.matmul(tf.matmul(x, q), tf.matmul(x, k), transpose_b=True)) @ x

    straight = as_layer(make, lambda s, x, _t: attention(s.q, s.k, x))
    swapped = as_layer(make, lambda s, x, _t: attention(s.k, s.q, x))
    assert first_different(found(straight, swapped, ROWS)).level == "values"
    assert sound(found(straight, straight, ROWS))


def test_a_branch_on_the_batch_size_is_seen():
    branching = plain(lambda x: x * 2.0 if x.shape[0] == 8 else x)
    assert first_different(found(plain(tf.identity), branching)).level == "values"


def test_a_difference_on_nan_alone_is_a_note():
    findings = found(plain(tf.nn.relu), plain(lambda x: tf.where(x > 0, x, tf.zeros_like(x))))
    assert sound(findings)
    assert any("outside the declared inputs" in finding.sentence for finding in findings if finding.outcome == "note")


def test_a_reassociated_sum_is_rounding():
    forward = plain(lambda x: tf.reduce_sum(x, -1))
    backward = plain(lambda x: tf.add_n([x[:, i] for i in (5, 3, 1, 0, 2, 4)]))
    assert sound(found(forward, backward))


def test_cancellation_is_rounding_and_not_a_difference():
    identity = plain(lambda x: 0.5 * (tf.reduce_sum(x, -1) ** 2 - tf.reduce_sum(x * x, -1)))
    pairs = plain(lambda x: tf.add_n([x[:, i] * x[:, j] for i in range(6) for j in range(i)]))
    assert sound(found(identity, pairs))


def test_a_cast_to_half_precision_on_the_way_differs_in_values():
    narrow = plain(lambda x: tf.cast(tf.cast(x, tf.float16), tf.float32) * 1.0001)
    assert first_different(found(plain(lambda x: x * 1.0001), narrow)).level == "values"


def test_an_arm_that_raises_on_declared_inputs_differs_from_one_that_does_not():
    below = (InputSpec((4,), "int32", -20, 19),)
    wrapping = functional((4,), lambda x: KL.Embedding(20, 3)(x), "int32")
    gathering = as_layer(table_weights, lambda s, x, _t: tf.gather(s.table, x))
    assert first_different(found(gathering, wrapping, below)).level == "values"


def test_what_breaks_between_the_checks_is_an_error_and_no_pass():
    def breaks():
        raise AttributeError("no such thing")

    pair = make_pair(plain(tf.identity), plain(tf.identity), FLOATS)
    pair.candidate.model.run = lambda *_: breaks()
    (finding,) = check(pair, Options())
    assert finding.outcome == "error"
    assert "no such thing" in finding.traceback


def test_what_the_time_limit_cuts_is_named():
    findings = found(dense_class(), dense_functional(), remaining=lambda: 0.0)
    assert [finding.outcome for finding in findings] == ["note"]
    assert "search" in findings[0].sentence


def test_the_arms_keep_their_weights():
    pair = make_pair(dense_class(), dense_functional(), FLOATS)
    before = [weight.numpy().copy() for weight in pair.candidate.model.weights]
    list(check(pair, Options()))
    for first, second in zip(before, pair.candidate.model.weights, strict=True):
        np.testing.assert_array_equal(first, second.numpy())
