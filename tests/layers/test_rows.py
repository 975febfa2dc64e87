import numpy as np
import pytest
import tensorflow as tf
from small_arms import build

from pipeline.frontend import dtype_policy, keras
from pipeline.layers.rows import rows


def table():
    layer = keras.layers.Layer()
    weight = layer.add_weight(name="table", shape=(3, 2), initializer="zeros")
    weight.assign([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return weight


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
def test_rows_of_whole_numbers_of_any_dtype(dtype):
    got = rows(table(), tf.constant([[2, 0]], dtype), "float32")
    np.testing.assert_array_equal(got, [[[5.0, 6.0], [1.0, 2.0]]])


def test_rows_come_in_the_compute_dtype():
    assert rows(table(), tf.constant([1]), "bfloat16").dtype == tf.bfloat16


TABLES = ("lookup", "bag", "multi_table", "quotient_remainder", "hashed", "factorized", "positional")


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("name", TABLES)
def test_class_arm_never_reads_its_table_whole(name, policy):
    """`tied` scores against every row, so it does."""
    with dtype_policy(policy):
        model, _ = build(name, "class")
    inputs = [tf.TensorSpec((2, *each.shape[1:]), each.dtype) for each in model.inputs]
    traced = tf.function(model).get_concrete_function(inputs if len(inputs) > 1 else inputs[0])
    nodes = traced.graph.as_graph_def().node
    gathered, read = ({node.input[0] for node in nodes if node.op == op} for op in ("ResourceGather", "ReadVariableOp"))
    assert gathered
    assert not gathered & read
