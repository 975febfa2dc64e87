"""The order in which examples are seen, and the batches in that order, cut for every replica.

G examples of a global batch, B of one replica's share of it, N of the data set.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import Dataset, Training
from pipeline.training.rows import taker

AHEAD = 2  # batches that are ready before they are asked for

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


def batches(
    dataset: Dataset, training: Training, seed: int, strategy: Any, epochs: range, skip: int = 0
) -> Iterator[Any]:
    """(parts by name, targets, positions_B, G) per replica, for every step of the epochs, made ahead of their use.

    The first `skip` steps of the first epoch are left out.

    `positions_B` is where the replica's rows stand in the global batch.  Every worker reads its own rows only.  A
    strategy copies batches to its devices ahead of their use; the default strategy, which has none of its own, copies
    them to a GPU as they are used; on one CPU there is nothing to copy.
    """

    def pipeline(context: Any) -> Any:
        replicas = context.num_replicas_in_sync
        local = replicas // context.num_input_pipelines
        first = context.input_pipeline_id * local
        return elements(dataset, training, seed, epochs, replicas, range(first, first + local), skip=skip)

    if _is_one_cpu(strategy):
        alone: Iterator[Any] = iter(elements(dataset, training, seed, epochs, skip=skip))
        return alone
    distributed: Iterator[Any] = iter(strategy.distribute_datasets_from_function(pipeline))
    return distributed


def _is_one_cpu(strategy: Any) -> bool:
    return isinstance(strategy, tf.distribute.OneDeviceStrategy) and "CPU" in strategy.extended.worker_devices[0]


def elements(
    dataset: Dataset,
    training: Training,
    seed: int,
    epochs: range,
    replicas: int = 1,
    own: Sequence[int] = (0,),
    *,
    portable: bool = False,
    skip: int = 0,
) -> Any:
    """The same as a tf.data.Dataset, for the `own` ones among the replicas: one element for each in every step.

    It holds one epoch's order at a time; `skip` steps of the first are left out.  `portable`: other processes may run
    it; it holds the orders of all epochs.
    """
    examples = len(dataset.train)
    take = taker(dataset.train, portable=portable)
    cuts = tf.constant(_cuts(sizes(training, examples, replicas), replicas, own))

    def share(ids_N: Any, cut: Any) -> Any:
        start, offset, rows, whole = tf.unstack(cut)
        ids_B = ids_N[start + offset : start + offset + rows]
        if training.remainder == "drop":
            ids_B = tf.ensure_shape(ids_B, (training.global_batch // replicas,))
        return *take(ids_B), offset + tf.range(tf.size(ids_B, tf.int64)), whole

    def in_epoch(ids_N: Any, first: int = 0) -> Any:
        return tf.data.Dataset.from_tensor_slices(cuts[first:]).map(lambda cut: share(ids_N, cut))

    orders = _orders(seed, epochs, examples, portable=portable)
    if not skip:
        return orders.flat_map(in_epoch).prefetch(AHEAD)
    begun = orders.take(1).flat_map(lambda ids_N: in_epoch(ids_N, skip * len(own)))
    return begun.concatenate(orders.skip(1).flat_map(in_epoch)).prefetch(AHEAD)


def _orders(seed: int, epochs: range, examples: int, *, portable: bool) -> Any:
    """The order of each epoch, drawn when it is needed; where `portable`, all of them now."""
    if portable:
        return tf.data.Dataset.from_tensor_slices([order_N(seed, epoch, examples) for epoch in epochs])

    def drawn(epoch: Any) -> Any:
        order = tf.numpy_function(lambda number: order_N(seed, number, examples), [epoch], tf.int64, stateful=False)
        return tf.ensure_shape(order, (examples,))

    return tf.data.Dataset.range(epochs.start, epochs.stop).map(drawn)


def _cuts(in_epoch: Sequence[int], replicas: int, own: Sequence[int]) -> Integers:
    """(start of the global batch, offset and rows of the share, size of the global batch) of an epoch's elements."""
    starts = np.cumsum([0, *in_epoch[:-1]])
    shares = [
        (start, size * replica // replicas, size * (replica + 1) // replicas, size)
        for start, size in zip(starts, in_epoch, strict=True)
        for replica in own
    ]
    return np.array([(start, low, high - low, size) for start, low, high, size in shares], np.int64)
