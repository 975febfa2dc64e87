"""Which cells can't run, and why.  The one place that decides it.

`unsupported`: not with these versions, wherever it runs.  `infeasible`: not with what this cluster has.
"""

from collections.abc import Callable
from typing import Literal

from pipeline.records import Capacity, Cell

LAUNCHED = ("default", "one_device", "mirrored")
NOT_LAUNCHED = ("multi_worker_mirrored", "parameter_server", "central_storage", "tpu")
STRATEGIES = (*LAUNCHED, *NOT_LAUNCHED)
ONE_DEVICE_ONLY = ("default", "one_device")

Obstacle = tuple[Literal["unsupported", "infeasible"], str]


def obstacle(cell: Cell, gpus_per_device: float, capacity: Capacity) -> Obstacle | None:
    """The first reason why the cell can't run; None where it can."""
    for rule in _RULES:
        found = rule(cell, gpus_per_device, capacity)
        if found:
            return found
    return None


def _tpu(cell: Cell, _gpus: float, capacity: Capacity) -> Obstacle | None:
    if cell.strategy.name == "tpu" and not capacity.tpus:
        return "infeasible", "TPUStrategy needs a TPU, and this cluster has none"
    return None


def _not_launched(cell: Cell, _gpus: float, _capacity: Capacity) -> Obstacle | None:
    if cell.strategy.name in NOT_LAUNCHED:
        return "unsupported", f"this version of layerparity does not launch {cell.strategy.name}"
    return None


def _several_devices_where_one(cell: Cell, _gpus: float, _capacity: Capacity) -> Obstacle | None:
    if cell.strategy.name in ONE_DEVICE_ONLY and cell.strategy.devices > 1:
        return "unsupported", f"{cell.strategy.name} has one device; use mirrored for {cell.strategy.devices}"
    return None


def _jit_on_replicas(cell: Cell, _gpus: float, _capacity: Capacity) -> Obstacle | None:
    if cell.jit and cell.strategy.devices > 1:
        return (
            "unsupported",
            "XLA can't compile a replica's step that reads variables of another device (measured on logical CPU "
            "devices with TensorFlow 2.21)",
        )
    return None


def _gpus(cell: Cell, gpus_per_device: float, capacity: Capacity) -> Obstacle | None:
    needed = gpus_per_device * cell.strategy.devices
    if needed > capacity.gpus:
        return "infeasible", f"{cell.strategy.label} needs {needed:g} GPUs, and this cluster has {capacity.gpus:g}"
    return None


_RULES: tuple[Callable[[Cell, float, Capacity], Obstacle | None], ...] = (
    _tpu,
    _not_launched,
    _several_devices_where_one,
    _jit_on_replicas,
    _gpus,
)
