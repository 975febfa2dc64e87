"""What the vocabulary benchmark times: a training step on a table of its own, by optimizer and by library.

N ids of a batch, V vocabulary, D width.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import tensorflow as tf
import tf_keras

from pipeline.optimizers import LazyAdam, RowwiseAdagrad, SparseAdagrad, SparseSGD
from pipeline.optimizers.repeats import sum_repeats

D, RATE = 16, 0.01
FLOOR = "floor: gather and scatter"

Step = Callable[[Any], object]  # ids_N -> when it returns, the step is done
Build = Callable[[int], Step]  # V -> the step


def with_tensorflow(make: Callable[[float], Any], vocabulary: int, *, whole: bool = False) -> Step:
    """`whole`: the lookup reads the table whole, as Keras 3's Embedding does."""
    table_VD, optimizer = tf.Variable(tf.zeros([vocabulary, D])), make(RATE)
    optimizer.build([table_VD])

    @tf.function
    def step(ids_N: Any) -> Any:
        with tf.GradientTape() as tape:
            rows_ND = tf.gather(tf.convert_to_tensor(table_VD) if whole else table_VD, ids_N)
            loss = tf.reduce_mean(tf.square(rows_ND - 1.0))
        optimizer.apply_gradients([(tape.gradient(loss, table_VD), table_VD)])
        return loss

    return lambda ids_N: step(tf.constant(ids_N)).numpy()


def bare(vocabulary: int) -> Step:
    """The floor."""
    table_VD = tf.Variable(tf.zeros([vocabulary, D]))

    @tf.function
    def step(ids_N: Any) -> None:
        table_VD.scatter_update(tf.IndexedSlices(tf.gather(table_VD, ids_N) + 1.0, ids_N))

    return lambda ids_N: step(tf.constant(ids_N))


def forward_and_gradient(vocabulary: int) -> Step:
    """What a step does before its optimizer: the gradient stays sparse."""
    table_VD = tf.Variable(tf.zeros([vocabulary, D]))

    @tf.function
    def step(ids_N: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.gather(table_VD, ids_N) - 1.0))
        return tape.gradient(loss, table_VD).values

    return lambda ids_N: step(tf.constant(ids_N)).numpy()


def repeats(vocabulary: int) -> Step:
    """The sum of the gradient's rows of repeated ids."""

    @tf.function
    def step(ids_N: Any) -> Any:
        rows_ND = tf.ones([tf.shape(ids_N)[0], D])
        return sum_repeats(tf.IndexedSlices(rows_ND, ids_N, [vocabulary, D])).values

    return lambda ids_N: step(tf.constant(ids_N)).numpy()


def with_torch(optimizer: str, vocabulary: int, *, bags: bool = False) -> Step:
    """An Embedding with sparse gradients, or an EmbeddingBag of one id a bag, as a categorical feature has it."""
    import torch

    layer, options = (torch.nn.EmbeddingBag, {"mode": "sum"}) if bags else (torch.nn.Embedding, {})
    table = layer(vocabulary, D, sparse=True, _weight=torch.zeros(vocabulary, D), **options)
    stepper = getattr(torch.optim, optimizer)(table.parameters(), lr=RATE)

    def step(ids_N: Any) -> None:
        stepper.zero_grad()
        ids = torch.from_numpy(ids_N)
        (table(ids[:, None] if bags else ids) - 1.0).square().mean().backward()
        stepper.step()

    return step


# optimizer -> arm -> (tables' worth of memory, temporaries included; how to build it).  Ours stand before the floor.
tf_keras_of = {
    name: partial(getattr(tf_keras.optimizers, name), jit_compile=False) for name in ("SGD", "Adagrad", "Adam")
}
ARMS: Mapping[str, Mapping[str, tuple[float, Build]]] = {
    "SGD": {
        "sparse_sgd": (1, partial(with_tensorflow, SparseSGD)),
        FLOOR: (1, bare),
        "Keras 3 SGD": (1, partial(with_tensorflow, keras.optimizers.SGD)),
        "tf_keras SGD": (4, partial(with_tensorflow, tf_keras_of["SGD"])),
        "torch Embedding, SGD": (1, partial(with_torch, "SGD")),
        "torch EmbeddingBag, SGD": (1, partial(with_torch, "SGD", bags=True)),
    },
    "Adagrad": {
        "sparse_adagrad": (2, partial(with_tensorflow, SparseAdagrad)),
        "rowwise_adagrad": (1.1, partial(with_tensorflow, RowwiseAdagrad)),
        FLOOR: (1, bare),
        "Keras 3 Adagrad": (4, partial(with_tensorflow, keras.optimizers.Adagrad)),
        "tf_keras Adagrad": (2, partial(with_tensorflow, tf_keras_of["Adagrad"])),
        "torch Embedding, Adagrad": (2, partial(with_torch, "Adagrad")),
        "torch EmbeddingBag, Adagrad": (2, partial(with_torch, "Adagrad", bags=True)),
    },
    "Adam": {
        "lazy_adam": (3, partial(with_tensorflow, LazyAdam)),
        FLOOR: (1, bare),
        "lazy_adam, table read whole": (4, partial(with_tensorflow, LazyAdam, whole=True)),
        "Keras 3 Adam": (5, partial(with_tensorflow, keras.optimizers.Adam)),
        "tf_keras Adam": (5, partial(with_tensorflow, tf_keras_of["Adam"])),
        "torch Embedding, SparseAdam": (3, partial(with_torch, "SparseAdam")),
        "torch EmbeddingBag, SparseAdam": (3, partial(with_torch, "SparseAdam", bags=True)),
    },
}

# What a step of ours does beside moving rows of table and slots.
PARTS: Mapping[str, tuple[float, Build]] = {
    "forward and sparse gradient": (1, forward_and_gradient),
    "sum of repeated ids": (0, repeats),
    FLOOR: (1, bare),
}
