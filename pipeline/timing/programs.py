"""What is timed of an arm: its forward pass, and its training step, on one batch that is on the device already.

Many steps run in one call, as in training, one after another; a call ends when the host has read a number that all of
them add to.
"""

import time
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from pipeline.records import Cell, Task, TrainTrial
from pipeline.training.arms import Arm
from pipeline.training.losses import at_least_float32
from pipeline.training.steps import build_optimizer, replica_step

# (element of the feed, number of the step) -> a replica's scalar
Step = Callable[[Any, Any], Any]


class Program:
    """A step in a graph loop.  Making it traces it and calls it once, on one step."""

    def __init__(self, step: Step, strategy: Any, element: Any) -> None:
        self._element, self._done = element, 0

        @tf.function  # type: ignore[untyped-decorator]
        def run(element: Any, first: Any, count: Any) -> Any:
            total = tf.zeros((), tf.float64)
            for offset in tf.range(count):
                tf.autograph.experimental.set_loop_options(parallel_iterations=1)
                found = strategy.reduce(
                    tf.distribute.ReduceOp.SUM, strategy.run(step, args=(element, first + offset)), axis=None
                )
                total += tf.cast(found, tf.float64)
            return total

        began = time.perf_counter()
        self._run = run.get_concrete_function(element, tf.constant(0), tf.constant(1))
        traced = time.perf_counter()
        self(1)
        self.trace_seconds, self.first_seconds = traced - began, time.perf_counter() - traced

    def __call__(self, steps: int) -> float:
        """Takes so many steps and waits for them; the sum of their numbers."""
        tensors = tf.nest.flatten(self._element, expand_composites=True)
        total = self._run(*tensors, tf.constant(self._done), tf.constant(steps))
        self._done += steps
        return float(total)


def resident(element: Any, strategy: Any) -> Any:
    """The feed's element, copied to where the replicas compute."""

    @tf.function  # type: ignore[untyped-decorator]
    def copied(element: Any) -> Any:
        return strategy.run(lambda own: tf.nest.map_structure(tf.identity, own), args=(element,))

    return copied(element)


def forward(arm: Arm, cell: Cell, strategy: Any, element: Any) -> Program:
    """At inference.  With `jit` it is compiled by XLA."""
    return Program(forward_step(arm, jit=cell.jit), strategy, element)


def training(arm: Arm, trial: TrainTrial, task: Task, strategy: Any, element: Any) -> Program:
    """Of our own loop; `jit` as there."""
    with strategy.scope():
        optimizer = build_optimizer(arm, trial)
    return Program(replica_step(arm, trial, task, strategy.num_replicas_in_sync, optimizer), strategy, element)


def forward_step(arm: Arm, *, jit: bool) -> Step:
    """The sum of the outputs, so that none of them can be left out."""
    predict = tf.function(arm.predict, jit_compile=True) if jit else arm.predict

    def step(element: tuple[Any, ...], number: Any) -> Any:
        del number
        return tf.reduce_sum(at_least_float32(predict(element[0])))

    return step
