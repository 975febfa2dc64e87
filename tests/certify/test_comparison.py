"""Two builders to one certificate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf
from certify_arms import (
    FLOATS,
    IDS,
    KL,
    as_layer,
    dense_class,
    dense_functional,
    functional,
    plain,
    table_weights,
)

from pipeline.certify import update, values
from pipeline.certify.comparison import compare
from pipeline.certify.verdict import MORE_TIME
from pipeline.errors import BuilderError, ConfigError
from pipeline.frontend import IS_KERAS_3
from pipeline.records import Certificate, Finding

NUMBERS = ("interface", "values", "update")  # without the levels that take longer
GATHER = as_layer(table_weights, lambda s, x, _t: tf.gather(s.table, x))
ONE_HOT = as_layer(table_weights, lambda s, x, _t: tf.matmul(tf.one_hot(x, 20), s.table))


@pytest.fixture(scope="module")
def dense():
    return compare(dense_class(), dense_functional(), FLOATS, names=("by hand", "stock"), batches=(1, 4))


def test_dense_by_hand_is_proven_to_be_the_stock_layer(dense):
    assert dense.verdict == "proven"
    assert dense.level == ""
    assert dense.proof.programs


def test_a_certificate_names_its_arms_and_pairs_their_weights_by_role(dense):
    assert (dense.baseline, dense.candidate) == ("by hand", "stock")
    assert [(Path(role.baseline).name, Path(role.candidate).name) for role in dense.weight_map] == [
        ("kernel", "kernel"),
        ("bias", "bias"),
    ]


def test_no_level_is_left_out_of_a_pair_that_is_the_same(dense):
    assert dense.left_out == ()
    assert {"values", "gradient", "update", "lifecycle", "state"} <= {finding.level for finding in dense.findings}


def test_a_certificate_round_trips_through_json(dense):
    assert Certificate.from_json(dense.to_json()) == dense


def test_a_loud_row_is_listed_beside_the_verdict(dense):
    assert dense.lifecycle
    assert all(finding.outcome == "loud" for finding in dense.lifecycle)


def test_an_arm_against_itself_shows_no_row_in_which_it_differs():
    certificate = compare(dense_class(), dense_class(), FLOATS, batches=(1, 4))
    assert certificate.verdict == "proven"
    assert certificate.lifecycle == ()


@pytest.mark.skipif(not IS_KERAS_3, reason="tf_keras sums the slices of a repeated id")
def test_gather_and_one_hot_are_different_at_level_update():
    certificate = compare(GATHER, ONE_HOT, IDS, levels=NUMBERS)
    assert (certificate.verdict, certificate.level) == ("different", "update")
    assert "repeated id" in certificate.sentence


def test_gather_and_one_hot_are_the_same_under_tf_keras():
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_comparison import GATHER, IDS, NUMBERS, ONE_HOT, compare\n"
        "certificate = compare(GATHER, ONE_HOT, IDS, levels=NUMBERS)\n"
        "print(certificate.versions['frontend'].split()[0], certificate.verdict)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(Path(__file__).parent)],
        env={**os.environ, "PARITY_FRONTEND": "tf_keras", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert answer.stdout.splitlines()[-1] in ("tf_keras equivalent", "tf_keras identical")


def test_arms_that_round_alike_are_identical_where_no_program_is_asked_for():
    again = compare(plain(tf.square), plain(lambda x: x * x), FLOATS, levels=("values",))
    assert again.verdict == "identical"


def test_arms_that_round_apart_are_equivalent():
    third = compare(plain(lambda x: x / 3.0), plain(lambda x: x * (1.0 / 3.0)), FLOATS, levels=("values",))
    assert third.verdict == "equivalent"


def test_the_counterexample_of_a_difference_is_the_smallest_found():
    certificate = compare(plain(tf.nn.relu), plain(tf.nn.leaky_relu), FLOATS)
    assert (certificate.verdict, certificate.level) == ("different", "values")
    assert certificate.counterexample.batch == 1


def test_a_level_after_a_difference_is_left_out_and_says_so():
    certificate = compare(plain(tf.nn.relu), plain(tf.nn.leaky_relu), FLOATS)
    assert "update: an earlier level shows a difference" in certificate.left_out


def test_a_level_that_is_not_asked_for_says_so():
    certificate = compare(plain(tf.square), plain(tf.square), FLOATS, levels=("values",))
    assert "lifecycle: not asked for" in certificate.left_out


def test_weights_that_can_not_be_paired_leave_every_level_out():
    bare = functional((6,), lambda x: KL.Dense(4, activation="relu", use_bias=False)(x))
    certificate = compare(dense_class(), bare, FLOATS)
    assert (certificate.verdict, certificate.level) == ("different", "interface")
    assert all(line.endswith("the weights are not paired") for line in certificate.left_out)


def test_a_crash_in_a_check_is_inconclusive_and_never_a_pass(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a check of ours")

    monkeypatch.setattr(values.level, "search", broken)
    certificate = compare(dense_class(), dense_functional(), FLOATS, batches=(4,))
    assert certificate.proof.programs
    assert certificate.verdict == "inconclusive"
    assert any("ZeroDivisionError" in finding.traceback for finding in certificate.findings)


def test_a_limit_that_leaves_no_time_decides_nothing_and_says_what_it_cut():
    certificate = compare(dense_class(), dense_functional(), FLOATS, time_limit=1e-6)
    assert certificate.verdict == "inconclusive"
    assert "update: the time limit of 1e-06 s was reached" in certificate.left_out
    assert certificate.sentence.endswith("the time limit of 1e-06 s was reached. " + MORE_TIME)


def test_a_training_that_the_limit_cut_is_not_called_equivalent(monkeypatch):
    cut = [Finding("update", "time limit", "note", "left out when the time limit was reached: adam")]
    monkeypatch.setattr(update, "check", lambda *_: cut)
    assert compare(GATHER, ONE_HOT, IDS, levels=NUMBERS).verdict == "inconclusive"


def test_strict_lifecycle_makes_a_loud_row_a_difference():
    closure = functional((6,), lambda x: KL.Lambda(lambda t: t * 2.0)(x))
    stock = functional((6,), lambda x: KL.Rescaling(2.0)(x))
    levels = ("values", "lifecycle")
    assert compare(stock, closure, FLOATS, levels=levels).verdict in ("identical", "equivalent")
    assert compare(stock, closure, FLOATS, levels=levels, strict_lifecycle=True).level == "lifecycle"


def test_a_builder_that_raises_is_named_by_its_arm():
    def broken():
        raise OSError("no such file")

    with pytest.raises(BuilderError, match="candidate: its builder raised OSError: no such file"):
        compare(dense_class(), broken, FLOATS)


def test_settings_are_checked_before_anything_is_built():
    with pytest.raises(ConfigError, match="optimizers: unknown 'none'"):
        compare(lambda: 1 / 0, lambda: 1 / 0, FLOATS, optimizers=("none",))
