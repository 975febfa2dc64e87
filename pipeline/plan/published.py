"""What a config compares its runs with must be measured by its cells."""

from collections.abc import Iterable, Sequence

from pipeline.config import Experiment
from pipeline.errors import ConfigError
from pipeline.records import SHOWN_METRICS, TASK_METRICS, Cell, Inventory

LEAST_FAMILIES = 2


def check_published(config: Experiment, cells: Iterable[Cell], inventory: Inventory) -> None:
    """Raises ConfigError for a figure or an order of what no cell measures."""
    measured = {(cell.family, cell.data) for cell in cells}
    for figure in config.published.figures:
        _check(config, "figures", (figure.family,), figure.data, figure.metric, measured, inventory)
    for order in config.published.orders:
        if len(set(order.families)) < max(LEAST_FAMILIES, len(order.families)):
            raise ConfigError(
                config.name, f"published.orders: families={order.families} is no order", "name two or more, once each"
            )
        _check(config, "orders", order.families, order.data, order.metric, measured, inventory)


def _check(
    config: Experiment,
    key: str,
    families: Sequence[str],
    data: Sequence[str],
    metric: str,
    measured: set[tuple[str, str]],
    inventory: Inventory,
) -> None:
    if not data:
        raise ConfigError(config.name, f"published.{key}: data is empty", "name the data sets that were measured on")
    for pair in ((family, name) for family in families for name in data):
        if pair not in measured:
            choices = ", ".join(f"{family} on {name}" for family, name in sorted(measured))
            raise ConfigError(
                config.name, f"published.{key}: no cell trains {pair[0]} on {pair[1]}", f"use one of: {choices}"
            )
    for name in data:
        task = inventory.data[name].task
        metrics = (*TASK_METRICS[task], *SHOWN_METRICS.get(task, ()))
        if metric not in metrics:
            raise ConfigError(
                config.name,
                f"published.{key}: {name} has no metric {metric!r}",
                f"use one of {', '.join(metrics)}",
            )
