"""Equal ways to write a program get one name, and nothing else does."""

import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import FLOATS, IDS, plain

from pipeline.certify.program import fingerprint, forward
from pipeline.certify.program.literals import uniform_bytes
from pipeline.certify.program.merkle import Graph, Shape
from pipeline.certify.program.movement import broadcast, reshape, transpose
from pipeline.certify.program.preconditions import interval
from pipeline.records import InputSpec

F32, S32, PRED, S8 = 11, 4, 1, 2
ROWS = InputSpec((4, 4))


def name(body, rule="exact", spec=ROWS):
    return fingerprint(forward(plain(body, spec), 3, False), rule=rule, input_specs=(spec,)).hash


SAME = {
    "a transpose and back": (
        lambda x: tf.transpose(tf.transpose(x, (0, 2, 1)), (0, 2, 1)) * 2.0,
        lambda x: x * 2.0,
    ),
    "flattened addition": (lambda x: tf.reshape(tf.reshape(x, (-1,)) + 1.0, (3, 4, 4)), lambda x: x + 1.0),
    "tiled constant": (lambda x: x * tf.tile([[[2.0]]], (3, 4, 4)), lambda x: x * 2.0),
    "sum over two axes at once": (
        lambda x: tf.reduce_sum(x, (1, 2)),
        lambda x: tf.reduce_sum(tf.reshape(x, (3, 16)), 1),
    ),
    "transposed product": (
        lambda x: tf.transpose(tf.matmul(x[0], x[1])),
        lambda x: tf.matmul(tf.transpose(x[1]), tf.transpose(x[0])),
    ),
    "mirrored comparison": (lambda x: tf.cast(x > 1.0, "float32"), lambda x: tf.cast(x > 1.0, "float32")),
    "divided before it is repeated": (
        lambda x: tf.tile(x[:, :1] / 4.0, (1, 4, 1)),
        lambda x: tf.tile(x[:, :1], (1, 4, 1)) / 4.0,
    ),
    "integer constant converted": (lambda x: x / tf.cast(4, "float32"), lambda x: x / 4.0),
}


@pytest.mark.parametrize("case", SAME)
def test_equal_ways_to_write_it_have_one_name(case):
    one, other = SAME[case]
    assert name(one) == name(other)


DIFFERENT = {
    "transposed": (lambda x: tf.transpose(x, (0, 2, 1)) + 1.0, lambda x: x + 1.0),
    "sum over another axis": (lambda x: tf.reduce_sum(x, 1), lambda x: tf.reduce_sum(x, 2)),
    "product in the other order": (lambda x: x[0] @ x[1], lambda x: x[1] @ x[0]),
    "product with a transpose": (lambda x: x[0] @ x[1], lambda x: x[0] @ tf.transpose(x[1])),
    "repeated along two axes": (
        lambda x: tf.broadcast_to(x[:, :1, :], tf.shape(x)) + tf.broadcast_to(x[:, :, :1], tf.shape(x)),
        lambda x: tf.broadcast_to(x[:, :1, :], tf.shape(x)) + tf.broadcast_to(x[:, :1, :], tf.shape(x)),
    ),
    "broadcast along another axis": (lambda x: x + x[:, :1, :], lambda x: x + x[:, :, :1]),
    "strict comparison": (lambda x: tf.cast(x > 1.0, "float32"), lambda x: tf.cast(x >= 1.0, "float32")),
    "sum for maximum": (lambda x: tf.reduce_sum(x, 1), lambda x: tf.reduce_max(x, 1)),
    "another slice": (lambda x: x[:, 1:3] * 2.0, lambda x: x[:, :2] * 2.0),
    "swapped branches": (lambda x: tf.where(x > 0, x, -x), lambda x: tf.where(x > 0, -x, x)),
    "reversed": (lambda x: tf.reverse(x, [1]), lambda x: tf.reverse(x, [2])),
    "another result type": (lambda x: tf.cast(x, "float64"), lambda x: x),
}


@pytest.mark.parametrize("case", DIFFERENT)
@pytest.mark.parametrize("rule", ["exact", "preconditions"])
def test_unlike_programs_have_unlike_names(case, rule):
    one, other = DIFFERENT[case]
    assert name(one, rule) != name(other, rule)


def test_a_maximum_may_be_commuted_only_up_to_the_sign_of_zero():
    one, other = (lambda x: tf.maximum(x[0], x[1])), (lambda x: tf.maximum(x[1], x[0]))
    assert name(one) != name(other)
    assert name(one, "zero_sign") == name(other, "zero_sign")


def test_a_division_by_a_zero_of_unknown_sign_proves_nothing():
    def body(x):
        return 1.0 / tf.maximum(x[1], x[0]), 1.0 / tf.maximum(x[0], x[1])

    found = fingerprint(forward(plain(body, ROWS), 3, False), rule="zero_sign", input_specs=(ROWS,))
    assert found.opaque == ("the sign of a zero may show in divide",)


def test_the_sign_of_a_zero_is_lost_in_an_exponential():
    def body(x):
        return 1.0 / tf.exp(tf.maximum(x[1], x[0])), 1.0 / tf.exp(tf.maximum(x[0], x[1]))

    assert fingerprint(forward(plain(body, ROWS), 3, False), rule="zero_sign", input_specs=(ROWS,)).opaque == ()


def test_a_remainder_that_changes_nothing_still_has_its_own_name():
    assert name(lambda x: x % 20, "preconditions", IDS) != name(lambda x: x + 0, "preconditions", IDS)


def leaf(graph, dims, token=b"x"):
    return graph.node("parameter", Shape(F32, dims), (), token)


def test_composed_transposes_are_one():
    graph = Graph()
    x = leaf(graph, (2, 3, 4))
    there = transpose(graph, x, (2, 0, 1))
    assert transpose(graph, there, (1, 2, 0)) is x


def test_a_transpose_of_neighbours_that_stay_together_is_one_of_two_dimensions():
    graph = Graph()
    moved = transpose(graph, leaf(graph, (2, 3, 4)), (2, 0, 1))
    assert moved.operands[0].opcode == "transpose"
    assert moved.operands[0].dimensions == (1, 0)


def test_a_broadcast_of_a_broadcast_along_new_axes_is_told_by_its_places():
    graph = Graph()
    x = leaf(graph, (3,))
    rows, columns = broadcast(graph, x, (3, 3), (0,)), broadcast(graph, x, (3, 3), (1,))
    assert rows is not columns
    assert reshape(graph, reshape(graph, rows, (9,)), (3, 3)).name == rows.name


@pytest.mark.parametrize(
    ("opcode", "element", "operands", "found"),
    [
        ("add", S32, [(0, 9), (5, 5)], (5, 14)),
        ("add", S8, [(0, 100), (100, 100)], None),
        ("multiply", S32, [(-2, 3), (-5, 4)], (-15, 12)),
        ("divide", S32, [(0, 9), (4, 4)], (0, 2)),
        ("divide", S32, [(-9, 9), (4, 4)], None),
        ("remainder", S32, [(0, 9), (4, 4)], (0, 3)),
        ("remainder", S32, [(0, 3), (4, 4)], (0, 3)),
        ("clamp", S32, [(0, 0), (-5, 40), (9, 9)], (0, 9)),
        ("select", S32, [None, (0, 3), (7, 9)], (0, 9)),
        ("convert", S8, [(0, 300)], None),
        ("convert", PRED, [(3, 9)], (1, 1)),
        ("and", PRED, [None, (0, 0)], (0, 0)),
        ("or", PRED, [(1, 1), None], (1, 1)),
        ("not", PRED, [(0, 0)], (1, 1)),
        ("not", S32, [(0, 1)], None),
        ("add", F32, [None, None], None),
    ],
)
def test_intervals_hold_in_machine_arithmetic(opcode, element, operands, found):
    assert interval(opcode, element, operands) == found


@pytest.mark.parametrize(
    ("direction", "left", "right", "found"),
    [
        ("LT", (0, 4), (5, 9), (1, 1)),
        ("LT", (0, 5), (5, 9), (0, 1)),
        ("GE", (5, 9), (5, 5), (1, 1)),
        ("EQ", (0, 4), (5, 9), (0, 0)),
        ("NE", (3, 3), (3, 3), (0, 0)),
        ("LE", None, (0, 1), (0, 1)),
    ],
)
def test_comparisons_of_intervals_are_certain_only_where_they_are(direction, left, right, found):
    assert interval("compare", PRED, [left, right], direction) == found


def test_zeros_of_both_signs_are_not_one_value():
    assert uniform_bytes(np.array([0.0, -0.0], "float32")) is None
    assert uniform_bytes(np.array([2.0, 2.0], "float32")) == np.float32(2).tobytes()


def test_the_name_of_a_constant_in_float_inputs_has_no_precondition():
    assert name(lambda x: x * 2.0, "preconditions", FLOATS) == name(lambda x: 2.0 * x, "preconditions", FLOATS)


def test_an_integer_that_a_float_cannot_hold_is_not_folded():
    def scaled(factor):
        return name(lambda x: tf.cast(x, "float16") * tf.cast(factor, "float16"), spec=FLOATS)

    assert scaled(70_000) != scaled(65_504)
    assert scaled(4) == scaled(4.0)
