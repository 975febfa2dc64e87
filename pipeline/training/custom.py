"""Our own training loop, for every strategy: in step over replicas, or through a parameter server's coordinator."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import tensorflow as tf

from pipeline.records import Dataset, TrainTrial
from pipeline.training import feed
from pipeline.training.arms import Arm
from pipeline.training.input_speed import further_epochs
from pipeline.training.losses import at_least_float32
from pipeline.training.monitor import Part
from pipeline.training.steps import build_optimizer, replica_step


class Loop(Protocol):
    """Trains one arm.  `variables` are all that training changes: the arm's and its optimizer's."""

    @property
    def variables(self) -> list[Any]: ...

    def epoch(self, number: int, done: Part, pause: Callable[[Part], None]) -> float:
        """Trains the rest of one epoch; the mean of its steps' losses.  Epochs are run in order.

        `pause` is called where training could go on from later, with how much of the epoch is then done.
        """

    def further_batches(self) -> Iterator[Any]:
        """What the `further_epochs` after the last would be trained on; called after the last."""


class CustomLoop:
    """Many steps in one call of a tf.function, no Python in between."""

    def __init__(
        self,
        arm: Arm,
        trial: TrainTrial,
        dataset: Dataset,
        strategy: Any,
        beat: Callable[[], None],
        first: tuple[int, int],
    ) -> None:
        """`beat` is called after every call; `first` are the epoch to begin with, and the step in it."""
        with strategy.scope():
            optimizer = build_optimizer(arm, trial)
        step = replica_step(arm, trial, dataset.task, strategy.num_replicas_in_sync, optimizer)
        self.variables = [*arm.variables, *optimizer.variables]
        self._calls, self._beat = trial.training.steps_per_call, beat
        self._steps = len(feed.sizes(trial.training, len(dataset.train), strategy.num_replicas_in_sync))
        epochs, skip = range(first[0], trial.training.epochs + further_epochs(self._steps)), first[1]
        dtype = at_least_float32(tf.zeros((), arm.head.outputs[0].dtype)).dtype
        self._batches: Iterator[Any]
        if isinstance(strategy, tf.distribute.ParameterServerStrategy):
            self._batches = iter(feed.elements(dataset, trial.training, trial.seed, epochs, skip=skip))
            stepwise = trial.cell.strategy.coordination == "stepwise"
            self._run = _coordinated(step, strategy, self._batches, stepwise=stepwise)
        else:
            self._batches = feed.batches(dataset, trial.training, trial.seed, strategy, epochs, skip)
            self._run = _in_step(step, strategy, self._batches, dtype)

    def epoch(self, number: int, done: Part, pause: Callable[[Part], None]) -> float:
        """Raises what TensorFlow raises if a peer is lost."""
        total, last = done.total, done.last
        for step in range(done.steps, self._steps, self._calls):
            count = min(self._calls, self._steps - step)
            before, last = last, self._run(number * self._steps + step, count)
            total += float(before)  # waits for the call before only, so that a device always has work
            self._beat()
            if step + count < self._steps:
                pause(Part(step + count, total, last))
        return (total + float(last)) / self._steps

    def further_batches(self) -> Iterator[Any]:
        """The rest of what the epochs were trained on."""
        return self._batches


# (number of the first step, how many) -> the sum of their losses, which may be waited for
Run = Callable[[int, int], Any]


def _in_step(step: Callable[[Any, Any], Any], strategy: Any, iterator: Iterator[Any], dtype: Any) -> Run:
    """All replicas take each step together."""

    @tf.function  # type: ignore[untyped-decorator]
    def run(iterator: Any, first: Any, count: Any) -> Any:
        total = tf.zeros((), dtype)
        for offset in tf.range(count):
            losses = strategy.run(step, args=(next(iterator), first + offset))
            total += strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)
        return total

    return lambda first, count: run(iterator, tf.constant(first), tf.constant(count))


def _coordinated(step: Callable[[Any, Any], Any], strategy: Any, iterator: Iterator[Any], *, stepwise: bool) -> Run:
    """Each step is a closure that some worker runs on a whole global batch, one after another or many at a time."""
    coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)

    @tf.function  # type: ignore[untyped-decorator]
    def closure(element: Any, number: Any) -> Any:
        return strategy.run(step, args=(element, number))

    def run(first: int, count: int) -> float:
        losses = []
        for number in range(first, first + count):
            losses.append(coordinator.schedule(closure, args=(next(iterator), tf.constant(number))))
            if stepwise:
                coordinator.join()
        coordinator.join()
        return float(sum(loss.fetch() for loss in losses))

    return run
