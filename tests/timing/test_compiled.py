"""What compiled programs cost, against values worked out by hand.  A float32 takes 4 bytes."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.compiler.xla.service import hlo_pb2
from tensorflow.python.eager.polymorphic_function.compiler_ir import from_concrete_function

from pipeline.timing import compiled

X_BF = np.ones((8, 16), np.float32)
IDS = np.array([1, 2, 3], np.int32)


def cost(function, *arguments):
    traced = tf.function(function, jit_compile=True, autograph=False).get_concrete_function(
        *map(tf.constant, arguments)
    )
    serialized = from_concrete_function(traced)(stage="optimized_hlo_proto_serialized")
    return compiled.cost(hlo_pb2.HloProto.FromString(serialized))


@pytest.fixture
def kernel():
    return tf.Variable(tf.ones((16, 4)))


@pytest.fixture
def table():
    return tf.Variable(tf.ones((1000, 4)))


def test_a_product_takes_two_operations_for_each_of_its_terms(kernel):
    assert cost(lambda x: tf.matmul(x, kernel), X_BF).flops == 2 * 8 * 16 * 4


def test_a_product_reads_its_factors_and_writes_its_result(kernel):
    assert cost(lambda x: tf.matmul(x, kernel), X_BF).bytes_accessed == 4 * (8 * 16 + 16 * 4 + 8 * 4)


def test_an_elementwise_function_takes_one_operation_an_element():
    assert cost(lambda x: tf.tanh(x) * x, X_BF).flops == 2 * 8 * 16


def test_a_sum_takes_one_operation_for_each_element_that_it_adds():
    assert cost(lambda x: tf.reduce_sum(x, axis=1), X_BF).flops == 8 * 15


def test_integers_take_no_floating_point_operations():
    assert cost(lambda ids: ids * 3 + 1, IDS).flops == 0


def test_a_convolution_takes_two_operations_for_each_tap_of_each_output():
    image, taps = tf.ones((1, 6, 6, 2)), tf.ones((3, 3, 2, 5))
    found = cost(lambda x, k: tf.nn.conv2d(x, k, 1, "VALID"), image, taps)
    assert found.flops == 2 * (4 * 4 * 5) * (3 * 3 * 2)


def test_a_lookup_reads_its_rows_and_not_its_table(table):
    rows = 3 * 4 * 4
    assert cost(lambda ids: tf.gather(table, ids) * 2.0, IDS).bytes_accessed == 3 * 4 + rows + rows


def test_an_update_in_place_touches_its_rows_and_not_its_table(table):
    def add(ids):
        table.scatter_add(tf.IndexedSlices(tf.ones((3, 4)), ids))
        return tf.constant(0)

    assert cost(add, IDS).bytes_accessed < table.shape[0]


def test_a_scatter_takes_one_operation_for_each_element_that_it_adds(table):
    def add(ids):
        table.scatter_add(tf.IndexedSlices(tf.ones((3, 4)), ids))
        return tf.constant(0)

    assert cost(add, IDS).flops == 3 * 4


def test_a_loop_of_unknown_length_is_not_counted():
    def loop(x, count):
        return tf.while_loop(lambda k, _: k < count, lambda k, y: (k + 1, tf.tanh(y)), (0, x))[1]

    assert cost(loop, X_BF, tf.constant(5)) is None


def test_temporary_memory_is_what_neither_comes_in_nor_goes_out(kernel):
    found = cost(lambda x: tf.matmul(tf.matmul(x, kernel), kernel, transpose_b=True), X_BF)
    assert found.temp_bytes >= 4 * 8 * 4


def test_a_program_that_needs_no_temporary_memory_has_none(kernel):
    assert cost(lambda x: tf.matmul(x, kernel), X_BF).temp_bytes == 0
