import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import FLOATS, KL, dense, functional, plain, subject, written

from pipeline.certify.program import ProgramRefused, compare, graphdef_fingerprint
from pipeline.certify.subject import Subject
from pipeline.records import InputSpec

WORDS = InputSpec((3,), "string")


def words(body):
    model = written({}, lambda _weights, x: body(x))
    model(tf.constant([["a", "b", "c"]]))
    return Subject("baseline", model, (WORDS,), (), (), False)


def hashed(buckets):
    return words(lambda x: tf.one_hot(tf.strings.to_hash_bucket_fast(x, buckets), buckets))


def test_two_arms_that_build_one_graph_have_one_fingerprint():
    assert graphdef_fingerprint(dense(), False) == graphdef_fingerprint(dense(), False)


def test_another_constant_in_a_graph_is_another_fingerprint():
    one, other = plain(lambda x: x * 2.0), plain(lambda x: x * 3.0)
    assert graphdef_fingerprint(one, False).hash != graphdef_fingerprint(other, False).hash


def test_weights_in_a_graph_are_told_apart_by_role():
    swapped = dense(lambda w, x: x @ w["kernel"] + w["bias"])
    renamed = subject(swapped.model, FLOATS, ("w1", "w0"), tuple(swapped.variables))
    assert graphdef_fingerprint(swapped, False).hash != graphdef_fingerprint(renamed, False).hash


def test_a_graph_that_updates_its_state_is_refused():
    arm = subject(functional(FLOATS, KL.BatchNormalization()), FLOATS)
    with pytest.raises(ProgramRefused, match="keeps or changes state"):
        graphdef_fingerprint(arm, True)
    assert graphdef_fingerprint(arm, False).hash


def test_a_graph_that_draws_random_numbers_is_refused():
    with pytest.raises(ProgramRefused, match="keeps or changes state"):
        graphdef_fingerprint(plain(lambda x: x + tf.random.normal(tf.shape(x))), False)


def test_a_body_of_a_loop_is_part_of_the_graph():
    def loop(factor):
        return plain(lambda x: tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * factor), (0, x))[1])

    assert graphdef_fingerprint(loop(2.0), False).hash == graphdef_fingerprint(loop(2.0), False).hash
    assert graphdef_fingerprint(loop(2.0), False).hash != graphdef_fingerprint(loop(3.0), False).hash


def test_arms_that_xla_cannot_compile_are_proven_by_their_graphs():
    result = compare(hashed(8), hashed(8), (2,), (False,), 60.0)
    assert (result.equal, result.rule) == (True, "exact")
    assert "any batch size" in result.proves


def test_arms_that_xla_cannot_compile_are_left_open_where_their_graphs_differ():
    result = compare(hashed(8), hashed(9), (2,), (False,), 60.0)
    assert result.equal is None
    assert "XLA can't compile it" in result.refused
    assert "graphs differ" in result.refused


def test_captured_tables_in_a_graph_count_by_value():
    tables = [tf.constant(np.full((6, 40), value, "float32")) for value in (1.0, 1.0, 2.0)]
    prints = [graphdef_fingerprint(plain(lambda x, t=t: x @ t), False).hash for t in tables]
    assert prints[0] == prints[1] != prints[2]


def looked_up(vocabulary):
    model = functional(WORDS, lambda x: KL.StringLookup(vocabulary=vocabulary)(x))
    model(tf.constant([["a", "b", "c"]]))
    return Subject("baseline", model, (WORDS,), (), (), False)


def test_lookup_tables_count_by_content():
    prints = [graphdef_fingerprint(looked_up(words), False).hash for words in (["a", "b"], ["a", "b"], ["a", "c"])]
    assert prints[0] == prints[1] != prints[2]


def test_arms_with_equal_lookup_tables_are_proven_by_their_graphs():
    assert compare(looked_up(["a", "b"]), looked_up(["a", "b"]), (2,), (False,), 60.0).equal is True
    assert compare(looked_up(["a", "b"]), looked_up(["b", "a"]), (2,), (False,), 60.0).equal is None
