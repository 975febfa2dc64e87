"""The graph of an arm's forward pass."""

import tensorflow as tf

from pipeline.records import Dataset
from pipeline.training.arms import Arm


def forward_graph(arm: Arm, dataset: Dataset) -> bytes:
    """At inference, for batches of any size: a serialized GraphDef."""
    batch = {
        name: tf.TensorSpec((None, *values.shape[1:]), tf.as_dtype(values.dtype), name)
        for name, values in dataset.test.parts.items()
    }
    graph = tf.function(arm.predict, input_signature=[batch]).get_concrete_function().graph
    serialized: bytes = graph.as_graph_def(add_shapes=True).SerializeToString(deterministic=True)
    return serialized
