"""How fast a trial's batches are made when no training waits for them, and whether that is what training waits for."""

import math
import time
from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from pipeline.training.feed import AHEAD

MADE_AHEAD = 2 * AHEAD + 1  # batches that may be ready already, or be half made, at the beginning
REPEATS, FEWEST = 3, 10  # the fastest of so many measurements, of so many batches each
SHARE = 0.01  # of the arm's steps, in all, where that is more: what it costs a training that only waits for input
# Of a step's time.  On one core input and step take turns: above half, the input takes longer than the rest.
BOUND = 0.5


def further_epochs(steps: int) -> int:
    """How many epochs of so many steps have enough batches."""
    return math.ceil((MADE_AHEAD + REPEATS * FEWEST) / steps)


def examples_per_second(batches: Iterator[Any], sizes: Sequence[int], steps: int) -> float:
    """Over some of the batches of `further_epochs`, of these global sizes, after so many `steps` of training.

    Every member of a gang calls it, at the same time, and takes as many.
    """
    each = min(max(FEWEST, int(SHARE * steps / REPEATS)), (len(sizes) - MADE_AHEAD) // REPEATS)
    timed = [sizes[MADE_AHEAD + part * each :][:each] for part in range(REPEATS)]

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def make(iterator: Any, count: Any) -> Any:
        def one_more(made: Any) -> Any:
            next(iterator)
            return made + 1

        return tf.while_loop(lambda made: made < count, one_more, [0])[0]

    def seconds(count: int) -> float:
        started = time.perf_counter()
        make(batches, tf.constant(count)).numpy()
        return time.perf_counter() - started

    seconds(MADE_AHEAD)
    return max(sum(part) / seconds(len(part)) for part in timed)


def is_input_bound(input_per_second: float, trained_per_second: float) -> bool:
    """Whether making a batch takes more than `BOUND` of the time of a step, input included."""
    return trained_per_second > BOUND * input_per_second
