# mypy: allow-subclassing-any
"""The frontend's own loop: compile and fit, as users write it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from pipeline import optimizers
from pipeline.frontend import IS_KERAS_3, dtype_policy, keras
from pipeline.records import Dataset, Task, TrainTrial
from pipeline.training import feed
from pipeline.training.arms import Arm
from pipeline.training.input_speed import further_epochs
from pipeline.training.losses import LOSSES, at_least_float32
from pipeline.training.monitor import Part


class FitLoop:
    """One call of `fit` per epoch, on the same batches and dropout draws as our own loop."""

    def __init__(
        self,
        arm: Arm,
        trial: TrainTrial,
        dataset: Dataset,
        strategy: Any,
        beat: Callable[[], None],
    ) -> None:
        """`beat` is called after every `steps_per_call` steps."""
        self._arm, self._trial, self._dataset = arm, trial, dataset
        self._steps = len(feed.sizes(trial.training, len(dataset.train)))
        with strategy.scope(), dtype_policy(trial.cell.dtype_policy):
            self._model = _compiled(arm, trial, dataset.task, min(trial.training.steps_per_call, self._steps))
        self._beat = beat
        # A parameter server takes no callbacks per batch: there the epoch's end is the only sign of progress.
        coordinated = isinstance(strategy, tf.distribute.ParameterServerStrategy)
        self._callbacks = [] if coordinated else [_Beats(beat)]
        self._portable = coordinated

    @property
    def variables(self) -> list[Any]:
        """The arm's and the optimizer's."""
        return [*self._arm.variables, *self._model.optimizer.variables]

    def epoch(self, number: int, done: Part, pause: Callable[[Part], None]) -> float:
        """Raises what Keras raises.  Never pauses within an epoch: `fit` can't begin in the middle of one."""
        del done, pause
        history = self._model.fit(
            self._batches(number),
            epochs=1,
            steps_per_epoch=self._steps,
            shuffle=False,
            verbose=0,
            callbacks=self._callbacks,
        )
        self._beat()
        return float(history.history["loss"][-1])

    def further_batches(self) -> Iterator[Any]:
        """With their dropout draws, as this process makes them."""
        batches: Iterator[Any] = iter(self._batches(self._trial.training.epochs, further_epochs(self._steps)))
        return batches

    def _batches(self, epoch: int, count: int = 1) -> Any:
        """(What the model takes, targets), global batch by global batch, of this epoch and those after it."""
        training, arm = self._trial.training, self._arm
        epochs = range(epoch, epoch + count)
        elements = feed.elements(self._dataset, training, self._trial.seed, epochs, portable=self._portable)

        def example(number: Any, element: Any) -> Any:
            parts, targets, positions_G, _ = element
            return arm.model_inputs(parts, arm.kept_BD(positions_G, tf.cast(number, tf.int32))), targets

        options = tf.data.Options()
        options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
        return elements.enumerate(start=epoch * self._steps).map(example).with_options(options)


def _compiled(arm: Arm, trial: TrainTrial, task: Task, steps_per_execution: int) -> Any:
    model = arm.trainable_model()
    optimizer = optimizers.build(trial.training.optimizer, trial.training.learning_rate, jit=trial.cell.jit)
    with _mean_loss_in("float64" if trial.cell.dtype_policy == "float64" else "float32"):
        model.compile(
            optimizer=optimizer,
            loss=_PerExample(task, trial.cell.dtype_policy),
            jit_compile=trial.cell.jit,
            steps_per_execution=steps_per_execution,
        )
    model.optimizer.build(model.trainable_variables)
    return model


@contextmanager
def _mean_loss_in(dtype: str) -> Iterator[None]:
    """A model compiled inside reports its loss with this dtype, whatever its policy: Keras 3 keeps it in floatx."""
    before = keras.backend.floatx()
    keras.backend.set_floatx(dtype)
    try:
        yield
    finally:
        keras.backend.set_floatx(before)


class _PerExample(keras.losses.Loss):
    """The task's loss per example; Keras takes the mean.

    Keras 3 hands class numbers over as floats, tf_keras as a column.
    """

    def __init__(self, task: Task, policy: str) -> None:
        super().__init__(**({"dtype": "float64" if policy == "float64" else "float32"} if IS_KERAS_3 else {}))
        self._task = task

    def call(self, y_true: Any, y_pred: Any) -> Any:
        targets = tf.reshape(tf.cast(y_true, tf.int32), [-1]) if self._task == "classification" else y_true
        return LOSSES[self._task](targets, at_least_float32(y_pred))


class _Beats(keras.callbacks.Callback):
    """Passes signs of progress on."""

    def __init__(self, beat: Callable[[], None]) -> None:
        super().__init__()
        self._beat = beat

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        del batch, logs
        self._beat()
