"""Trials of every kind of cell on small data, for real workers and gangs."""

from collections.abc import Iterable
from contextlib import closing

import pytest
import small_data

from pipeline.cluster.ray_executor import execute
from pipeline.records import (
    Agreement,
    Cell,
    Dataset,
    GangLimits,
    Outcome,
    Profile,
    Resources,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
)

STRATEGIES = {
    strategy.label: strategy
    for strategy in (
        Strategy(),
        Strategy("one_device"),
        Strategy("mirrored", 2),
        Strategy("mirrored", 4, cross_device_ops="hierarchical_copy"),
        Strategy("central_storage", 2),
        Strategy("multi_worker_mirrored", workers=2),
        Strategy("parameter_server", workers=2, ps=1),
        Strategy("parameter_server", workers=2, ps=1, coordination="async"),
    )
}
DATA_OF = {"projection": "digits", "lookup": "ratings", "stateful": "series", "unaggregated": "series"}
OPTIONS = {"projection": {"units": 6}, "lookup": {"width": 5}, "stateful": {"units": 4}, "unaggregated": {"units": 4}}
DATASETS: dict[str, Dataset] = {
    "digits": small_data.digits(),
    "ratings": small_data.ratings(),
    "series": small_data.series(),
}
LEARNING_RATES = {"sgd": 0.1, "adam": 0.01}
BATCH, EPOCHS = 16, 2
# A cell that can't run may hang instead of failing: one attempt, and a short one.
LIMITS = GangLimits(placement_seconds=60, start_seconds=60, stall_seconds=30, restarts=0)


def cell(family: str, strategy: Strategy, frontend: str = "keras", **others: object) -> Cell:
    """Class against functional."""
    return Cell(family, "class", "functional", DATA_OF[family], strategy, frontend, **others)  # type: ignore[arg-type]


def trial(about: Cell, optimizer: str = "adam", *, seed: int = 3, **training: object) -> TrainTrial:
    """Two epochs of four steps with dropout, compared with one device."""
    settings = {"epochs": EPOCHS, "global_batch": BATCH, "dropout": 0.25, "steps_per_call": 3, **training}
    strategy = about.strategy
    return TrainTrial(
        id=f"{about.label} {optimizer} {seed} {training}",
        cell=about,
        seed=seed,
        training=Training(optimizer=optimizer, learning_rate=LEARNING_RATES[optimizer], **settings),  # type: ignore[arg-type]
        options=OPTIONS[about.family],
        profile=Profile(about.frontend, logical_devices=1 if strategy.is_gang else 4),
        resources=Resources(0.5, processes=strategy.processes) if strategy.is_gang else Resources(),
        agreement=True,
    )


def chosen(request: pytest.FixtureRequest, trials: Iterable[TrainTrial]) -> list[TrainTrial]:
    """Those that a test of the requesting file was selected for, by its parameter `name`."""
    here = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    names = {item.callspec.params["name"] for item in here if hasattr(item, "callspec")}
    return [one for one in trials if one.id in names]


def outcomes(trials: Iterable[TrainTrial]) -> dict[str, Outcome]:
    """What becomes of the trials, all in one go, by id."""
    with closing(execute(list(trials), DATASETS, limits=LIMITS)) as found:
        return {outcome.trial.id: outcome for outcome in found}


def agreement(outcome: Outcome) -> tuple[Agreement, ...]:
    """Of both styles with one device.  Fails the test where there is no evidence."""
    assert isinstance(outcome, TrainEvidence), f"{outcome.category}: {outcome.message}"
    return outcome.agreement
