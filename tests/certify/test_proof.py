"""The proofs of a pair, and what is said where there is none."""

import pytest
import tensorflow as tf
from certify_arms import FLOATS, IDS, as_layer, dense_class, dense_functional, make_pair, plain, table_weights

from pipeline.certify import program
from pipeline.certify.proof import prove
from pipeline.certify.settings import Settings

SETTINGS = Settings(batches=(1, 4))
LONG = 60.0


def proof(baseline, candidate, inputs=FLOATS, settings=SETTINGS, seconds=LONG):
    return prove(make_pair(baseline, candidate, inputs), settings, seconds)


def test_the_same_program_is_proven_with_its_prints():
    found = proof(dense_class(), dense_functional())
    assert found.programs
    assert all(line.equal for line in found.prints)
    assert "batch 1, 4" in found.proves


def test_an_arm_that_is_the_same_in_both_modes_is_looked_at_in_one_at_further_batch_sizes():
    programs = [line.program for line in proof(dense_class(), dense_class()).prints]
    assert "vjp, batch 1, inference" in programs
    assert "vjp, batch 4, training" in programs
    assert "vjp, batch 4, inference" not in programs


def test_an_arm_that_minds_the_mode_is_looked_at_in_both_at_every_batch_size():
    gated = as_layer(lambda *_: None, lambda _, x, training: x * 2.0 if training else x)
    programs = [line.program for line in proof(gated, gated).prints]
    assert "vjp, batch 4, inference" in programs


def test_another_program_that_is_equal_over_the_reals_says_so():
    found = proof(plain(lambda x: x * 2.0 + x), plain(lambda x: x * 3.0))
    assert found.programs is False
    assert found.algebra is True


def test_another_function_is_proven_by_nothing():
    found = proof(plain(lambda x: x * 2.0), plain(lambda x: x * 3.0))
    assert not found.programs
    assert not found.algebra
    assert found.rule is None


def test_draws_from_the_global_generator_are_refused_and_the_reason_is_told():
    noisy = plain(lambda x: x + tf.random.normal(tf.shape(x)))
    found = proof(noisy, noisy)
    assert found.programs is None
    assert found.why


def test_a_crash_of_the_prover_is_no_proof(monkeypatch):
    def broken(*_, **__):
        raise KeyError("opcode")

    monkeypatch.setattr(program, "compare", broken)
    found = proof(dense_class(), dense_class())
    assert found.programs is None
    assert found.why == "no program: KeyError: 'opcode'"


@pytest.mark.parametrize("optimizer", ["momentum", "adagrad"])
def test_any_optimizer_of_the_update_level_can_be_the_training_step(optimizer):
    found = proof(dense_class(), dense_functional(), settings=Settings(batches=(4,), optimizers=(optimizer,)))
    assert f"train_step, {optimizer}, batch 4" in [line.program for line in found.prints]


def test_gather_and_one_hot_are_not_the_same_program():
    gather = as_layer(table_weights, lambda s, x, _t: tf.gather(s.table, x))
    one_hot = as_layer(table_weights, lambda s, x, _t: tf.matmul(tf.one_hot(x, 20), s.table))
    assert not proof(gather, one_hot, IDS).programs
