"""How an arm that was trained under a strategy ended against the same arm, seed and data order on one device."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.records import Agreement
from pipeline.training.monitor import TrainedArm


def compare(trained: Sequence[TrainedArm], alone: Sequence[TrainedArm]) -> tuple[Agreement, ...]:
    """One Agreement per arm; `alone` are the same arms trained on one device."""
    return tuple(_agreement(arm, reference) for arm, reference in zip(trained, alone, strict=True))


def _agreement(arm: TrainedArm, alone: TrainedArm) -> Agreement:
    here, there = arm.result, alone.result
    return Agreement(
        style=here.style,
        weights={role: _relative(arm.weights[role], value) for role, value in alone.weights.items()},
        metrics={name: _relative(here.metrics[name], value) for name, value in there.metrics.items()},
        train_loss=_relative(here.train_loss, there.train_loss),
        replicas=arm.replicas,
    )


def _relative(values: Any, reference: Any) -> float:
    """The largest difference over the largest reference value; over 1 where all of the reference is 0."""
    here, there = (np.asarray(given).astype(np.float64) for given in (values, reference))
    return float(np.abs(here - there).max(initial=0.0) / (np.abs(there).max(initial=0.0) or 1.0))
