"""A hand-made train trial with its evidence, for the TensorBoard tests."""

import pytest

from pipeline.records import (
    ArmResult,
    Cell,
    Profile,
    Resources,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
    Worker,
)


def _arm(style: str) -> ArmResult:
    return ArmResult(style, {"rmse": 0.75, "auc": 0.5}, (1.0, 0.5), (1.25, 0.75), "", 1, 1, 1, 0.1, 1.0, 10.0)


@pytest.fixture
def evidence() -> TrainEvidence:
    cell = Cell("lookup", "class", "functional", "ratings", Strategy("mirrored", 2))
    trial = TrainTrial("t1", cell, 3, Training(learning_rate=0.5), {}, Profile(), Resources())
    worker = Worker("h", 1, "cpu", {}, 100.0, 10.0, False)
    return TrainEvidence(trial, (_arm("class"), _arm("functional")), (), worker)
