"""Which cells are timed, in which trials, and which of them can't be.

A time trial takes all the CPUs of the largest node, so that Ray starts nothing beside it there.
"""

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from pipeline.config import Experiment
from pipeline.plan.resources import resources_of
from pipeline.plan.trials import pinned_of, train_profile, with_id
from pipeline.records import Capacity, Cell, Inventory, Node, Resources, TimeTrial, Timing, UntimedCell


def time_trials(
    config: Experiment, cells: Iterable[Cell], inventory: Inventory, capacity: Capacity
) -> tuple[TimeTrial, ...]:
    """One per timed cell and process, in rounds over the cells, so that a cell's processes lie apart in time."""
    timed = [cell for cell in _asked(config, cells) if not _obstacle(cell)]
    return tuple(
        _trial(config, cell, process, inventory, capacity)
        for process in range(config.timing.processes)
        for cell in timed
    )


def untimed(config: Experiment, cells: Iterable[Cell]) -> tuple[UntimedCell, ...]:
    """The cells that the config wants timed and that can't be, with the reason."""
    return tuple(UntimedCell(cell, reason) for cell in _asked(config, cells) if (reason := _obstacle(cell)))


def _asked(config: Experiment, cells: Iterable[Cell]) -> list[Cell]:
    named = config.timing.strategies
    return [
        cell
        for cell in cells
        if config.timing.processes and (not named or {cell.strategy.name, cell.strategy.label} & set(named))
    ]


def _obstacle(cell: Cell) -> str:
    if cell.strategy.is_gang:
        return "both arms are timed in one process, and this strategy takes several"
    if cell.loop == "fit":
        return "a step of fit can't be told apart from its input and callbacks; time the cell with loop: custom"
    return ""


def _trial(config: Experiment, cell: Cell, process: int, inventory: Inventory, capacity: Capacity) -> TimeTrial:
    held = resources_of(cell.strategy, config.resources)
    trial = TimeTrial(
        id="",
        cell=cell,
        process=process,
        seed=config.seeds[0],
        training=config.training_on(cell.data),
        # How many processes there are, and which strategies are timed, must not change what one trial is.
        timing=replace(config.timing, processes=Timing().processes, strategies=[], profile=_traced(config, process)),
        options=dict(config.options.get(cell.family, {})),
        profile=msgspec.structs.replace(train_profile(config, cell, held, cell.strategy.devices), gpu_share=1.0),
        resources=_alone(held, cell, capacity),
        rows=config.rows,
        reference=inventory.families[cell.family].reference,
    )
    return with_id(trial, pinned_of(trial, inventory))


def _traced(config: Experiment, process: int) -> bool:
    return config.timing.profile and process == 0


def _alone(held: Resources, cell: Cell, capacity: Capacity) -> Resources:
    """All the CPUs of the largest node that has the devices; a GPU is not shared."""
    gpus = float(cell.strategy.devices) if held.gpus else 0.0
    nodes = capacity.nodes or (Node(capacity.cpus, capacity.gpus, capacity.tpus),)
    of_kind = [node for node in nodes if held.accelerator in ("", node.accelerator)]
    cpus = max((node.cpus for node in of_kind if node.gpus >= gpus and node.tpus >= held.tpus), default=held.cpus)
    return Resources(max(cpus, held.cpus), gpus, held.tpus, accelerator=held.accelerator)
