import functools

import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import (
    FLOATS,
    IDS,
    KL,
    ROWS,
    functional,
    plain,
    stock_pooled,
    subject,
    table,
    written,
)

from pipeline.certify.algebra import AlgebraResult, compare
from pipeline.certify.program import forward, vjp
from pipeline.certify.subject import Subject
from pipeline.records import InputSpec


def judged(a: Subject, b: Subject, programs=(forward, vjp)) -> AlgebraResult:
    """The first answer that is no yes, else yes."""
    results = [compare(make(a, 3, False), make(b, 3, False), a.inputs, seed=0) for make in programs]
    return next((result for result in results if result.equal is not True), results[-1])


def layer_norm(epsilon=1e-3):
    def body(w, x):
        mean = tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean(tf.square(x), -1, keepdims=True) - tf.square(mean)
        return (x - mean) / tf.sqrt(variance + epsilon) * w["gamma"] + w["beta"]

    return subject(written({"gamma": (6,), "beta": (6,)}, body), FLOATS)


def test_the_textbook_form_of_layer_normalisation_is_keras_own():
    assert judged(layer_norm(), subject(functional(FLOATS, KL.LayerNormalization()), FLOATS)).equal is True


def test_another_epsilon_is_not():
    result = judged(layer_norm(1e-5), subject(functional(FLOATS, KL.LayerNormalization()), FLOATS))
    assert result.equal is False
    assert "output 0" in result.why


def test_the_factorisation_machine_identity_holds():
    def pairs(x):
        return sum(tf.reduce_sum(x[:, i] * x[:, j], -1) for i in range(5) for j in range(i + 1, 5))

    def identity(x):
        square_of_sum = tf.square(tf.reduce_sum(x, 1))
        return 0.5 * tf.reduce_sum(square_of_sum - tf.reduce_sum(tf.square(x), 1), -1)

    assert judged(plain(pairs, ROWS), plain(identity, ROWS)).equal is True


def test_a_mean_is_a_sum_times_a_rounded_sixth():
    spec = InputSpec((6, 2))
    assert judged(
        plain(lambda x: tf.reduce_sum(x, 1) * (1 / 6), spec), plain(lambda x: tf.reduce_mean(x, 1), spec)
    ).equal


def test_softmax_without_its_shift_is_not_decided_to_be_equal():
    plain_form = plain(lambda x: tf.exp(x) / tf.reduce_sum(tf.exp(x), -1, keepdims=True))
    assert judged(plain_form, plain(tf.nn.softmax)).equal is not True


def test_a_convolution_is_a_sum_of_shifted_products():
    def body(w, x):
        return sum(x[:, i : i + 3] @ w["kernel"][i] for i in range(3)) + w["bias"]

    arm = subject(written({"kernel": (3, 6, 4), "bias": (4,)}, body), ROWS)
    assert judged(arm, subject(functional(ROWS, KL.Conv1D(4, 3)), ROWS)).equal is True


def test_the_half_gradient_is_caught_by_the_vjp():
    @tf.custom_gradient
    def half(x):
        return tf.identity(x), lambda upstream: upstream * 0.5

    assert judged(plain(half), plain(tf.identity), (forward,)).equal is True
    assert judged(plain(half), plain(tf.identity)).equal is False


def test_a_sparse_and_a_dense_gradient_are_not_compared():
    def gathered(rows, ids):
        return tf.reduce_mean(tf.gather(rows, ids), 1)

    def through_a_copy(rows, ids):
        return tf.reduce_mean(tf.gather(2.0 * rows, ids) / 2.0, 1)

    result = compare(vjp(table(gathered), 3, False), vjp(table(through_a_copy), 3, False), (IDS,), seed=0)
    assert (result.equal, result.why[:12]) == (None, "only one arm")


def test_an_index_that_is_computed_differently_is_not_proven():
    rare = table(lambda rows, ids: tf.reduce_mean(tf.gather(rows, tf.where(ids == 7, 8, ids)), 1))
    result = compare(forward(rare, 1, False), forward(stock_pooled(), 1, False), (IDS,), seed=3)
    assert result.equal is not True


def test_a_vocabulary_off_by_one_is_not_proven_even_where_no_sample_shows_it():
    short = table(lambda rows, ids: tf.reduce_mean(tf.gather(rows[:19], ids), 1))
    unseen = (InputSpec((4,), "int32", 0, 18),)
    whole = table(lambda rows, ids: tf.reduce_mean(tf.gather(rows, ids), 1))
    result = compare(forward(short, 3, False), forward(whole, 3, False), unseen, seed=0)
    assert (result.equal, "integers" in result.why) == (None, True)


def test_a_mask_on_another_id_is_not_proven():
    def masked(padding):
        def body(rows, ids):
            keep = tf.cast(ids != padding, "float32")[..., None]
            return tf.reduce_sum(tf.gather(rows, ids) * keep, 1)

        return table(body)

    assert judged(masked(0), masked(0)).equal is True
    assert judged(masked(0), masked(7)).equal is not True


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda x: 1.0 / (x - x), "always zero"),
        (lambda x: x + tf.random.stateless_uniform(tf.shape(x), (1, 2)), "rng-bit-generator"),
        (lambda x: tf.cast(tf.cast(x, "int32"), "float32"), "floating to integer"),
    ],
    ids=["zero division", "drawn", "cast"],
)
def test_what_is_not_understood_is_not_decided(body, reason):
    result = judged(plain(body), plain(body), (forward,))
    assert result.equal is None
    assert reason in result.why


def test_arms_with_other_weights_are_not_decided():
    result = judged(plain(lambda x: x), layer_norm(), (forward,))
    assert result.equal is None


def test_bfloat16_rounding_is_not_the_identity():
    rounded = plain(lambda x: tf.cast(tf.cast(x, "bfloat16"), "float32"))
    assert judged(rounded, plain(tf.identity), (forward,)).equal is False


def test_captured_tables_count_by_value():
    values = np.arange(240, dtype="float32").reshape(6, 40)
    changed = values + np.eye(6, 40, dtype="float32")
    tables = [tf.constant(v) for v in (values, values.copy(), changed)]
    arms = [plain(functools.partial(tf.linalg.matmul, b=table)) for table in tables]
    assert judged(arms[0], arms[1], (forward,)).equal is True
    assert judged(arms[0], arms[2], (forward,)).equal is False
