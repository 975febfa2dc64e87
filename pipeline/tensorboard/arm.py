"""What TensorBoard shows of one arm: its curves and its hyperparameters."""

from collections.abc import Iterator, Sequence

from tensorboard.compat.proto.event_pb2 import Event

from pipeline.records import TASK_METRICS, ArmResult, TrainTrial
from pipeline.tensorboard.events import HParam, scalar

METRICS = ("train_loss", *(metric for metrics in TASK_METRICS.values() for metric in metrics))
HPARAMS = (
    "family",
    "style",
    "data",
    "strategy",
    "frontend",
    "dtype_policy",
    "jit",
    "loop",
    "replicas",
    "seed",
    "epochs",
    "global_batch",
    "optimizer",
    "learning_rate",
    "dropout",
)


def curves(arm: ArmResult, began: float, ended: float) -> Iterator[Event]:
    """Training loss and primary metric by epoch, from 1, spread evenly over the trial's time; the rest at the end."""
    epochs = max(len(arm.train_loss), len(arm.held_out), 1)
    primary = next((metric for metric, *_ in TASK_METRICS.values() if metric in arm.metrics), "held_out")
    values_of: dict[str, Sequence[float]] = {"train_loss": arm.train_loss, primary: arm.held_out}
    for tag, values in values_of.items():
        for epoch, value in enumerate(values, start=1):
            yield scalar(tag, value, step=epoch, at=began + (ended - began) * epoch / epochs)
    for tag, value in arm.metrics.items():
        if not values_of.get(tag):
            yield scalar(tag, value, step=epochs, at=ended)


def hparams(trial: TrainTrial, style: str) -> dict[str, HParam]:
    """The value of each of HPARAMS."""
    cell, training = trial.cell, trial.training
    values = (
        cell.family,
        style,
        cell.data,
        cell.strategy.label,
        cell.frontend,
        cell.dtype_policy,
        cell.jit,
        cell.loop,
        cell.strategy.replicas,
        trial.seed,
        training.epochs,
        training.global_batch,
        training.optimizer,
        training.learning_rate,
        training.dropout,
    )
    return dict(zip(HPARAMS, values, strict=True))
