"""Config to plan: pure, without TensorFlow, Keras or Ray."""

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from pipeline.config import Experiment, ResourcesConfig
from pipeline.errors import ConfigError
from pipeline.plan.cells import cells
from pipeline.plan.published import check_published
from pipeline.plan.resources import resources_of
from pipeline.plan.support import obstacle
from pipeline.plan.timing import time_trials, untimed
from pipeline.plan.trials import certify_trials, check_margins, example_trials, train_trials
from pipeline.records import Capacity, Cell, ExcludedCell, Inventory, Plan, Timing, Trial


def make(config: Experiment, inventory: Inventory, capacity: Capacity, where: str = "config") -> Plan:
    """The ordered trials of a config, and the cells of it that can't run, with the reason.

    Raises ConfigError, which names `where`, for unknown names, batches that can't be cut, metrics without a margin.
    """
    try:
        return _make(config, inventory, capacity)
    except ConfigError as error:
        raise ConfigError(where, error.what, error.remedy) from None


def _make(config: Experiment, inventory: Inventory, capacity: Capacity) -> Plan:
    config = _by_name(config, inventory)
    running: list[Cell] = []
    excluded: list[ExcludedCell] = []
    for cell in cells(config, inventory):
        found = obstacle(cell, resources_of(cell.strategy, config.resources), capacity)
        if found:
            excluded.append(ExcludedCell(cell, *found))
        else:
            running.append(cell)
    check_margins(config, running, inventory)
    check_published(config, [*running, *(cut.cell for cut in excluded)], inventory)
    trials: tuple[Trial, ...] = (
        *certify_trials(config, running, inventory),
        *train_trials(config, running, inventory),
        *example_trials(config, running, inventory),
        *time_trials(config, running, inventory, capacity),
    )
    return Plan(trials, tuple(excluded), _data_of(running), tuple(running), untimed(config, running))


def grow(made: Plan, config: Experiment, inventory: Inventory, look: int, cells: Iterable[Cell]) -> Plan:
    """The same plan with the seeds that this look adds, counted from 0, of these cells."""
    return msgspec.structs.replace(made, trials=(*made.trials, *train_trials(config, cells, inventory, look)))


def budget(made: Plan, config: Experiment, inventory: Inventory) -> Plan:
    """The plan with the seeds of every look of every cell: the most that may run."""
    for look in range(1, len(config.looks)):
        made = grow(made, config, inventory, look, made.cells)
    return made


def _by_name(config: Experiment, inventory: Inventory) -> Experiment:
    """The same config, families of other packages called by their names."""
    names = {info.reference: name for name, info in inventory.families.items() if info.reference}
    return replace(config, families=[names.get(family, family) for family in config.families])


def dry(config: Experiment) -> Experiment:
    """The same config cut to a rehearsal: every kind of cell once, one seed, few steps, a slice of data, on CPUs."""
    batch = max(config.training_on(name).global_batch for name in config.data)
    return replace(
        config,
        seeds=config.seeds[:1],
        looks=[],
        train=replace(config.train, epochs=1, steps=2),
        train_on={name: {**own, "epochs": 1, "steps": 2} for name, own in config.train_on.items()},
        rows=2 * batch,
        resources=ResourcesConfig(cpus_per_device=0.01, gpus_per_device=0.0),
        timing=Timing(),
    )


def _data_of(running: list[Cell]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.data for cell in running))
