"""Trains one arm, epoch by epoch, from the beginning or from a snapshot."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pipeline.errors import TrialError
from pipeline.records import TASK_METRICS, Dataset, TrainTrial
from pipeline.training import copies, evaluate, feed, input_speed
from pipeline.training.arms import Arm
from pipeline.training.custom import CustomLoop, Loop
from pipeline.training.fit import FitLoop
from pipeline.training.histograms import Histograms, recorder
from pipeline.training.monitor import BEGINNING, Monitor, Part, Snapshot, TrainedArm


@dataclass
class History:
    """One value per epoch.  Seconds of training, evaluation left out; the first epoch's include the tracing.

    `input_per_second` is how many examples the input alone gives; both arms of a trial have the same input.
    """

    train_loss: list[float] = field(default_factory=list)
    metrics: list[Mapping[str, float]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    histograms: list[Histograms] = field(default_factory=list)
    input_per_second: float = 0.0

    def held_out(self, dataset: Dataset) -> tuple[float, ...]:
        """The task's primary metric after each epoch."""
        return tuple(metrics[TASK_METRICS[dataset.task][0]] for metrics in self.metrics)

    def examples_per_second(self, trial: TrainTrial, dataset: Dataset) -> float:
        """Over all epochs but the first, where there are others."""
        examples = sum(feed.sizes(trial.training, len(dataset.train), trial.cell.strategy.replicas))
        after_tracing = self.seconds[1:] or self.seconds
        return examples * len(after_tracing) / sum(after_tracing)


def train(
    arm: Arm, trial: TrainTrial, dataset: Dataset, strategy: Any, monitor: Monitor, finished: Sequence[TrainedArm]
) -> History:
    """Trains the arm in place; `finished` are the arms trained before it.

    Goes on from the monitor's snapshot if that is of this arm.  Raises TrialError("numeric", ...) if an epoch ends in a
    loss or output that is not finite.
    """
    snapshot = monitor.resume if monitor.resume and len(monitor.resume.finished) == len(finished) else None
    first, part = (snapshot.epoch, snapshot.part) if snapshot else (0, BEGINNING)
    loop = _loop(arm, trial, dataset, strategy, monitor.beat, (first, part.steps))
    history = History()
    if snapshot:
        copies.restore(loop.variables, snapshot.variables, strategy)
        history = History([*snapshot.train_loss], [*snapshot.metrics], [*snapshot.seconds], [*snapshot.histograms])
    predict = evaluate.predictor(arm, dataset.test)
    record = recorder(arm, trial, dataset, strategy) if trial.keep_histograms else None
    for epoch in range(first, trial.training.epochs):
        started = time.perf_counter() - part.seconds

        def pause(done: Part, started: float = started) -> None:
            if monitor.due(epoch_ended=False):
                done = replace(done, last=float(done.last), seconds=time.perf_counter() - started)
                monitor.keep(_snapshot(finished, loop, strategy, history, done))

        loss = loop.epoch(epoch, part, pause)
        history.seconds.append(time.perf_counter() - started)
        part = BEGINNING
        where = f"{trial.label}: {arm.style} arm, epoch {epoch + 1}"
        _refuse_non_finite(loss, f"{where}: the loss is {loss}")
        outputs_NO = predict()
        _refuse_non_finite(outputs_NO, f"{where}: an output for held-out data is not finite")
        history.train_loss.append(loss)
        history.metrics.append(evaluate.metrics(dataset, outputs_NO))
        if record:
            history.histograms.append(record())
        if monitor.due(epoch_ended=True):
            monitor.keep(_snapshot(finished, loop, strategy, history, BEGINNING))
    history.input_per_second = _input_per_second(loop, trial, dataset, finished)
    return history


def _loop(
    arm: Arm, trial: TrainTrial, dataset: Dataset, strategy: Any, beat: Callable[[], None], first: tuple[int, int]
) -> Loop:
    """The cell's, to begin with the `first` (epoch, step in it); `fit` begins wherever it is asked to."""
    if trial.cell.loop == "fit":
        return FitLoop(arm, trial, dataset, strategy, beat)
    return CustomLoop(arm, trial, dataset, strategy, beat, first)


def _input_per_second(loop: Loop, trial: TrainTrial, dataset: Dataset, finished: Sequence[TrainedArm]) -> float:
    """Measured once per trial, after its first arm."""
    if finished:
        return finished[0].result.input_examples_per_second
    sizes = feed.sizes(trial.training, len(dataset.train), trial.cell.strategy.replicas)
    further = sizes * input_speed.further_epochs(len(sizes))
    return input_speed.examples_per_second(loop.further_batches(), further, trial.training.epochs * len(sizes))


def _snapshot(finished: Sequence[TrainedArm], loop: Loop, strategy: Any, history: History, part: Part) -> Snapshot:
    return Snapshot(
        finished=tuple(finished),
        epoch=len(history.train_loss),
        variables=copies.read(loop.variables, strategy),
        train_loss=tuple(history.train_loss),
        metrics=tuple(history.metrics),
        seconds=tuple(history.seconds),
        part=part,
        histograms=tuple(history.histograms),
    )


def _refuse_non_finite(values: Any, message: str) -> None:
    if not np.isfinite(values).all():
        raise TrialError("numeric", f"{message}; use a lower learning_rate")
