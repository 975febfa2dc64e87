"""An id outside of the table gives another answer in each way of looking it up, and a silent one under XLA.

Below 0 and from the table's length on, Embedding, tf.gather and one-hot rows part: an error, a wrong row, or zeros.
Way out: check ids where the data is read.
"""

import keras
import tensorflow as tf

table = tf.constant([[1.0], [2.0], [3.0]])
embedding = keras.layers.Embedding(3, 1, weights=[table.numpy()])
WAYS = {
    "Embedding": embedding,
    "tf.gather": lambda ids: tf.gather(table, ids),
    "one-hot matmul": lambda ids: tf.one_hot(ids, 3) @ table,
}


def answer(way, bad, jit):
    try:
        return f"{float(tf.function(way, jit_compile=jit)(tf.constant([bad]))[0, 0]):g}"
    except Exception as problem:
        return type(problem).__name__


embedding.build((None,))
for bad in (-1, 3):
    for name, way in WAYS.items():
        print(f"id {bad:2} of rows 1, 2, 3 by {name:14}: graph {answer(way, bad, False)}, XLA {answer(way, bad, True)}")
