"""The order in which examples are seen, and the batches in that order.  S steps, B global batch, N examples."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import Dataset, Training


def steps_per_epoch(training: Training, examples: int) -> int:
    """Whole batches of an epoch; a rest is dropped.  Raises TrialError if there is not even one."""
    whole = examples // training.global_batch
    if not whole:
        raise TrialError("user_code", f"global_batch={training.global_batch} is more than the {examples} examples")
    return min(whole, training.steps) if training.steps else whole


def order_SB(training: Training, seed: int, examples: int) -> npt.NDArray[np.int64]:
    """The examples of every step of every epoch; each epoch is a permutation drawn from (seed, epoch)."""
    steps = steps_per_epoch(training, examples)

    def epoch_SB(epoch: int) -> npt.NDArray[np.int64]:
        order_N = np.random.default_rng([seed, epoch]).permutation(examples)
        return order_N[: steps * training.global_batch].reshape(steps, training.global_batch)

    return np.concatenate([epoch_SB(epoch) for epoch in range(training.epochs)])


def batches(dataset: Dataset, training: Training, seed: int, strategy: Any) -> Iterator[Any]:
    """(inputs, targets) of every step of every epoch, split over the strategy's replicas in order."""
    inputs, targets = tf.constant(dataset.train_inputs), tf.constant(dataset.train_targets)
    steps = tf.data.Dataset.from_tensor_slices(order_SB(training, seed, len(dataset.train_inputs)))
    gathered = steps.map(lambda order_B: (tf.gather(inputs, order_B), tf.gather(targets, order_B)))
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    distributed: Iterator[Any] = iter(strategy.experimental_distribute_dataset(gathered.with_options(options)))
    return distributed
