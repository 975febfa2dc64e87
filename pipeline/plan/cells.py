"""Config to cells: the product of the axes, less what does not apply and what `exclude` takes out."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, cast

from pipeline.config import EXCLUDE_KEYS, Experiment
from pipeline.errors import ConfigError
from pipeline.plan.support import STRATEGIES
from pipeline.records import Cell, FamilyInfo, Inventory, Loop


def cells(config: Experiment, inventory: Inventory) -> tuple[Cell, ...]:
    """All cells in a stable order.  A family meets the data sets of the kind that it reads.

    Raises ConfigError for an unknown name (with the choices), and for a config in which nothing is left to compare.
    """
    _check_names(config, inventory)
    found = tuple(c for c in _product(config, inventory) if not any(_matches(rule, c) for rule in config.exclude))
    if not found:
        kinds = {name: inventory.families[name].accepts for name in config.families}
        raise ConfigError(
            config.name,
            f"no cell is left of families={kinds}, data={config.data}, styles={config.styles} after exclude",
            "pair each family with data of the kind that it reads (parity data list), in styles that it has",
        )
    return found


def _product(config: Experiment, inventory: Inventory) -> Iterator[Cell]:
    baseline = config.styles[0]
    axes = product(config.frontends, config.dtype_policies, config.jit, config.loop, config.families, config.data)
    for frontend, policy, jit, loop, name, data in axes:
        family = inventory.families[name]
        if not set(family.accepts) & set(inventory.data[data].offers) or baseline not in family.styles:
            continue
        for candidate, strategy in product(config.styles[1:], config.strategies):
            if candidate in family.styles:
                yield Cell(name, baseline, candidate, data, strategy, frontend, policy, jit, cast(Loop, loop))


def _matches(rule: Mapping[str, Any], cell: Cell) -> bool:
    return all(_match(cell, key, wanted if isinstance(wanted, list) else [wanted]) for key, wanted in rule.items())


def _match(cell: Cell, key: str, wanted: list[Any]) -> bool:
    if key == "strategy":
        return cell.strategy.name in wanted or cell.strategy.label in wanted
    return getattr(cell, key) in wanted


def _check_names(config: Experiment, inventory: Inventory) -> None:
    styles = sorted({style for family in inventory.families.values() for style in family.styles})
    strategies = (*STRATEGIES, *(s.label for s in config.strategies))
    _known(config, "families", config.families, inventory.families)
    _known(config, "options", config.options, inventory.families)
    for family, options in config.options.items():
        _known(config, f"options.{family}", options, inventory.families[family].options)
        for name, value in options.items():
            _check_option(config, inventory.families[family], name, value)
    _known(config, "data", config.data, inventory.data)
    _known(config, "styles", config.styles, styles)
    _known(config, "strategies", [s.name for s in config.strategies], STRATEGIES)
    choices: dict[str, Any] = {
        "family": config.families,
        "candidate": config.styles[1:],
        "data": config.data,
        "strategy": strategies,
        "frontend": config.frontends,
        "dtype_policy": config.dtype_policies,
        "jit": config.jit,
        "loop": config.loop,
    }
    for rule in config.exclude:
        for key in EXCLUDE_KEYS:
            wanted = rule.get(key, [])
            _known(config, f"exclude.{key}", wanted if isinstance(wanted, list) else [wanted], choices[key])


def _check_option(config: Experiment, family: FamilyInfo, name: str, value: Any) -> None:
    where = f"options.{family.name}.{name}"
    if name in family.words:
        _known(config, where, [value], family.words[name])
    elif name in family.fractions:
        if type(value) not in (int, float) or not 0 < value < float("inf"):
            raise ConfigError(config.name, f"{where}={value!r}", "give a number above 0")
    elif type(value) is not int or value < 1:
        raise ConfigError(config.name, f"{where}={value!r}", "give a whole number of 1 or more")


def _known(config: Experiment, key: str, names: Any, choices: Any) -> None:
    for name in names:
        if name not in choices:
            listed = ", ".join(str(c) for c in choices)
            raise ConfigError(config.name, f"{key}: unknown {name!r}", f"use one of {listed}")
