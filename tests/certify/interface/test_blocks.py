"""One weight in one arm, its row blocks in the other."""

import pytest
import tensorflow as tf
from certify_arms import as_layer

from pipeline.certify.comparison import compare
from pipeline.records import InputSpec

COLUMNS = (InputSpec((3,), "int32", 0, 4),)
LEVELS = ("interface", "program", "values", "update")
WHOLE = {"table": (15, 2)}
PARTS = {"part_0": (5, 2), "part_1": (5, 2), "part_2": (5, 2)}


def arm(weights, call):
    def make(layer, _shape):
        layer.tables = {
            name: layer.add_weight(name=name, shape=shape, initializer="uniform", trainable="frozen" not in name)
            for name, shape in weights.items()
        }

    return as_layer(make, lambda layer, ids_BC, _training: call(layer.tables, ids_BC))


def fused(tables, ids_BC):
    return tf.gather(tables["table"], ids_BC + tf.constant([0, 5, 10]))


def apart(*order):
    """Column c is looked up in the table of that place."""

    def call(tables, ids_BC):
        named = [*tables.values()]
        return tf.stack([tf.gather(named[place], ids_BC[:, c]) for c, place in enumerate(order)], axis=1)

    return call


def certified(baseline, candidate):
    return compare(baseline, candidate, COLUMNS, levels=LEVELS, batches=(4,), optimizers=("adam", "sparse_adagrad"))


@pytest.mark.parametrize("swapped", [False, True])
def test_row_blocks_pair_with_the_whole_and_the_map_names_all_of_them(swapped):
    arms = arm(WHOLE, fused), arm(PARTS, apart(0, 1, 2))
    certificate = certified(*(arms[::-1] if swapped else arms))
    assert certificate.verdict == "identical", certificate.sentence
    (role,) = certificate.weight_map
    shown = (role.candidate, role.baseline) if swapped else (role.baseline, role.candidate)
    assert [name.split("/")[-1] for name in shown[0].split(", ")] == ["table"]
    assert [name.split("/")[-1] for name in shown[1].split(", ")] == ["part_0", "part_1", "part_2"]


def test_behaviour_and_not_the_order_of_names_decides_which_block_is_which():
    certificate = certified(arm(WHOLE, fused), arm(PARTS, apart(2, 0, 1)))
    assert certificate.verdict == "identical", certificate.sentence
    blocks = [name.split("/")[-1] for name in certificate.weight_map[0].candidate.split(", ")]
    assert blocks == ["part_2", "part_0", "part_1"]


def test_a_split_weight_is_never_proven_and_the_certificate_says_why():
    proof = certified(arm(WHOLE, fused), arm(PARTS, apart(0, 1, 2))).proof
    assert not proof.programs
    assert proof.why == "no program: a weight of one arm is split in the other"


def test_training_and_its_slots_are_told_apart():
    findings = certified(arm(WHOLE, fused), arm(PARTS, apart(0, 1, 2))).findings
    told = {finding.check: finding for finding in findings if finding.level == "update"}
    assert told["adam"].outcome == told["sparse_adagrad"].outcome == "same"
    assert "slots not judged: one arm splits a weight" in told["adam"].sentence
    assert told["sgd, clipped by norm"].outcome == "note"
    assert "whether a weight is split" in told["sgd, clipped by norm"].sentence


@pytest.mark.parametrize(
    ("weights", "call"),
    [
        (PARTS, lambda tables, ids_BC: apart(0, 1, 2)(tables, ids_BC) * 1.001),  # no order makes it the same
        (PARTS, lambda tables, ids_BC: apart(0, 1, 1)(tables, ids_BC)),  # one table twice
        ({"part_0": (5, 2), "part_1": (5, 2), "part_2": (4, 2)}, apart(0, 1, 1)),  # a row is missing
        ({"part_0": (5, 2), "part_1": (5, 2), "frozen": (5, 2)}, apart(0, 1, 2)),  # one is not trained
    ],
)
def test_weights_that_are_no_row_blocks_stay_without_a_counterpart(weights, call):
    certificate = certified(arm(WHOLE, fused), arm(weights, call))
    assert (certificate.verdict, certificate.level) == ("different", "interface")
    assert "without a counterpart" in next(f.sentence for f in certificate.findings if f.outcome == "different")
    assert not certificate.sentence.endswith("..")


def test_a_difference_that_only_gradients_show_is_still_found_in_split_weights():
    def stopped(tables, ids_BC):
        rows = apart(0, 1, 2)(tables, ids_BC)
        return tf.concat([rows[:, :2], tf.stop_gradient(rows[:, 2:])], axis=1)

    assert certified(arm(WHOLE, fused), arm(PARTS, stopped)).verdict == "different"


def test_many_parts_are_put_in_order_by_the_numbers_of_their_names():
    columns = 12
    names = {f"part_{number}": (2, 2) for number in range(columns)}
    inputs = (InputSpec((columns,), "int32", 0, 1),)
    whole = arm({"table": (2 * columns, 2)}, lambda t, ids_BC: tf.gather(t["table"], ids_BC + 2 * tf.range(columns)))
    mixed = dict(sorted(names.items()))  # part_10 before part_2

    def call(tables, ids_BC):
        rows = [tf.gather(tables[f"part_{column}"], ids_BC[:, column]) for column in range(columns)]
        return tf.stack(rows, axis=1)

    certificate = compare(whole, arm(mixed, call), inputs, levels=("interface", "values"), batches=(4,))
    assert certificate.verdict == "identical", certificate.sentence
