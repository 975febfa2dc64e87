"""The order in which examples are seen, and the batches in that order, cut for every replica.

G examples of a global batch, B of one replica's share of it, N of the data set, E epochs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import Dataset, Training

Integers = npt.NDArray[np.int64]


def sizes(training: Training, examples: int, replicas: int = 1) -> list[int]:
    """The global batch of every step of an epoch.  Raises TrialError if there is none.

    With `remainder: keep` a smaller batch ends the epoch, if it has an example for every replica.
    """
    whole, rest = divmod(examples, training.global_batch)
    found = [training.global_batch] * whole
    if training.remainder == "keep" and rest >= replicas:
        found.append(rest)
    if not found:
        raise TrialError("user_code", f"global_batch={training.global_batch} is more than the {examples} examples")
    return found[: training.steps] if training.steps else found


def order_N(seed: int, epoch: int, examples: int) -> Integers:
    """The examples in the order in which an epoch sees them: a permutation drawn from (seed, epoch)."""
    return np.random.default_rng([seed, epoch]).permutation(examples)


def batches(dataset: Dataset, training: Training, seed: int, strategy: Any, epochs: range) -> Iterator[Any]:
    """(inputs, targets, positions_B, G) per replica, for every step of the epochs.

    `positions_B` is where the replica's rows stand in the global batch.  Every worker reads its own rows only.
    """

    def pipeline(context: Any) -> Any:
        replicas = context.num_replicas_in_sync
        local = replicas // context.num_input_pipelines
        first = context.input_pipeline_id * local
        return elements(dataset, training, seed, epochs, replicas, range(first, first + local))

    distributed: Iterator[Any] = iter(strategy.distribute_datasets_from_function(pipeline))
    return distributed


def elements(
    dataset: Dataset, training: Training, seed: int, epochs: range, replicas: int = 1, own: Sequence[int] = (0,)
) -> Any:
    """The same as a tf.data.Dataset, for the `own` ones among the replicas: one element for each in every step."""
    inputs, targets = tf.constant(dataset.train_inputs), tf.constant(dataset.train_targets)
    orders = [order_N(seed, epoch, len(inputs)) for epoch in epochs]
    orders_EN = tf.constant(np.array(orders, np.int64).reshape(len(epochs), len(inputs)))
    in_epoch = sizes(training, len(inputs), replicas)

    def share(cut: Any) -> Any:
        epoch, start, offset, rows, whole = tf.unstack(cut)
        ids_B = orders_EN[epoch, start + offset : start + offset + rows]
        if training.remainder == "drop":
            ids_B = tf.ensure_shape(ids_B, (training.global_batch // replicas,))
        return tf.gather(inputs, ids_B), tf.gather(targets, ids_B), offset + tf.range(tf.size(ids_B, tf.int64)), whole

    return tf.data.Dataset.from_tensor_slices(_cuts(in_epoch, len(epochs), replicas, own)).map(share)


def _cuts(in_epoch: Sequence[int], epochs: int, replicas: int, own: Sequence[int]) -> Integers:
    """(epoch, start of the global batch, offset and rows of the share, size of the global batch) of every element."""
    starts = np.cumsum([0, *in_epoch[:-1]])
    shares = [
        (start, size * replica // replicas, size * (replica + 1) // replicas, size)
        for start, size in zip(starts, in_epoch, strict=True)
        for replica in own
    ]
    return np.array(
        [(epoch, start, low, high - low, size) for epoch in range(epochs) for start, low, high, size in shares],
        np.int64,
    ).reshape(-1, 5)
