"""What TensorBoard shows of one arm: its series of values, its histograms and its hyperparameters."""

from collections.abc import Iterator, Mapping, Sequence

from tensorboard.compat.proto.event_pb2 import Event

from pipeline.analysis.pairing import metrics_in_order
from pipeline.records import ArmResult, TrainTrial
from pipeline.store.weights import Weights
from pipeline.tensorboard.events import HParam, buckets, histogram, scalar

Series = Mapping[int, float]  # epoch, from 1 -> value


def series(arm: ArmResult, global_batch: int) -> dict[str, Series]:
    """Training loss and primary metric by epoch; other metrics and the speeds once, at the last epoch."""
    last = max(len(arm.train_loss), len(arm.held_out), 1)
    metrics = metrics_in_order(arm)
    found: dict[str, Series] = {"train_loss": _by_epoch(arm.train_loss)}
    found |= {tag: {last: arm.metrics[tag]} for tag in metrics}
    found |= {tag: {last: value} for tag, value in _speeds(arm, global_batch)}
    found |= {tag: _by_epoch(arm.held_out) for tag in metrics[:1] if arm.held_out}
    return found


def events(values_of: Mapping[str, Series], began: float, ended: float) -> Iterator[Event]:
    """The series as curves, their epochs spread evenly over the time from `began` to `ended`."""
    last = max((epoch for values in values_of.values() for epoch in values), default=0) or 1
    for tag, values in values_of.items():
        for epoch, value in values.items():
            yield scalar(tag, value, step=epoch, at=began + (ended - began) * epoch / last)


def shapes(kept: Weights, final: Weights, epochs: int, began: float, ended: float) -> Iterator[Event]:
    """Histograms: those that were `kept` after each epoch, or of the `final` weights where there are none."""
    for tag, histograms_EK3 in kept.items():
        for epoch, histogram_K3 in enumerate(histograms_EK3, start=1):
            yield buckets(tag, histogram_K3, step=epoch, at=began + (ended - began) * epoch / epochs)
    for role, value in () if kept else final.items():
        yield histogram(f"weights/{role}", value, step=epochs, at=ended)


def hparams(trial: TrainTrial, style: str) -> dict[str, HParam]:
    """What was chosen for the arm: its cell and its training.  The seed is not among it."""
    cell, training = trial.cell, trial.training
    return {
        "family": cell.family,
        "style": style,
        "data": cell.data,
        "strategy": cell.strategy.label,
        "frontend": cell.frontend,
        "dtype_policy": cell.dtype_policy,
        "jit": cell.jit,
        "loop": cell.loop,
        "replicas": cell.strategy.replicas,
        "epochs": training.epochs,
        "global_batch": training.global_batch,
        "optimizer": training.optimizer,
        "learning_rate": training.learning_rate,
        "dropout": training.dropout,
    }


def _by_epoch(values: Sequence[float]) -> Series:
    return dict(enumerate(values, start=1))


def _speeds(arm: ArmResult, global_batch: int) -> Iterator[tuple[str, float]]:
    """`step_ms` is the time of a step, `input_ms` what making its batch takes alone; `input_bound` is 1 or 0."""
    yield "examples_per_second", arm.examples_per_second
    if arm.examples_per_second:
        yield "step_ms", 1000.0 * global_batch / arm.examples_per_second
    if arm.input_examples_per_second:
        yield "input_examples_per_second", arm.input_examples_per_second
        yield "input_ms", 1000.0 * global_batch / arm.input_examples_per_second
    yield "input_bound", float(arm.input_bound)
