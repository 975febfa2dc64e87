"""What makes no sense in a config, each mistake told with its key, its value and a remedy."""

from collections.abc import Iterable, Sequence

from omegaconf.errors import OmegaConfBaseException

from pipeline.allowed import check_module
from pipeline.config.names import check_family, check_name, check_style
from pipeline.config.schema import (
    COORDINATIONS,
    CROSS_DEVICE_OPS,
    DTYPE_POLICIES,
    EXCLUDE_KEYS,
    LOOPS,
    OPTIMIZERS,
    PLACEMENTS,
    REMAINDERS,
    Experiment,
)
from pipeline.config.sources import check_source
from pipeline.errors import ConfigError
from pipeline.records import FRONTENDS, GANGS, Strategy, Timing, Training, read_margin

# What OmegaConf raises at a config that is none, its own and what it lets through.
CONFIG_ERRORS = (OmegaConfBaseException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
LARGEST = 2**53  # the whole numbers up to it are floats too
LEAST_PROCESSES = 3  # of timing: with fewer there is no interval to speak of


def check(config: Experiment, where: str) -> None:
    """Raises ConfigError, which names `where`, for the first mistake."""
    for axis in ("families", "data", "strategies", "frontends", "dtype_policies", "jit", "loop", "seeds"):
        values = getattr(config, axis)
        if not values:
            raise ConfigError(where, f"{axis} is empty", f"name at least one, e.g. {axis}=[…]")
        if len({str(v) for v in values}) != len(values):
            raise ConfigError(where, f"{axis}={values} names one twice", "name each once")
    if len(config.styles) < 2 or len(set(config.styles)) != len(config.styles):
        raise ConfigError(where, f"styles={config.styles} is no comparison", "name a baseline, then other styles")
    _check_names(config, where)
    _choose("frontends", config.frontends, FRONTENDS, where)
    _choose("dtype_policies", config.dtype_policies, DTYPE_POLICIES, where)
    _choose("loop", config.loop, LOOPS, where)
    for rule in config.exclude:
        _choose("exclude", rule, EXCLUDE_KEYS, where)
    for name in config.train_on:
        _merge_training(config, name, where)
    for data in config.data:
        _check_training(config.training_on(data), where)
    for name, source in config.sources.items():
        check_source(name, source, where)
    _check_numbers(config, where)


def _check_names(config: Experiment, where: str) -> None:
    check_name("name", config.name, where)
    for data in (*config.data, *config.sources):
        check_name("data", data, where)
    for style in config.styles:
        check_style(style, where)
    for family in config.families:
        check_family(family, where)
        if ":" in family:
            check_module(family, where, config.allowed_modules)
    for strategy in config.strategies:
        if strategy.topology:
            check_name("strategies: topology", strategy.topology, where)


def _merge_training(config: Experiment, data: str, where: str) -> None:
    try:
        config.training_on(data)
    except CONFIG_ERRORS as error:
        raise config_error(f"{where}: train_on.{data}", error) from None
    if data not in config.data:
        raise ConfigError(where, f"train_on.{data} is not among data={config.data}", "add it to data, or drop it")


def _check_training(training: Training, where: str) -> None:
    _choose("train.optimizer", [training.optimizer], OPTIMIZERS, where)
    _choose("train.remainder", [training.remainder], REMAINDERS, where)
    for name in ("epochs", "global_batch", "learning_rate", "steps_per_call"):
        _at_least(f"train.{name}", getattr(training, name), 1 if name != "learning_rate" else 1e-12, where)
    _at_least("train.steps", training.steps, 0, where)
    for units in training.hidden:
        _at_least("train.hidden", units, 1, where)
    if not 0 <= training.dropout < 1:
        raise ConfigError(where, f"train.dropout={training.dropout} is out of range", "use 0 ≤ dropout < 1")


def _check_numbers(config: Experiment, where: str) -> None:
    for strategy in config.strategies:
        _check_strategy(strategy, where)
    for figure in config.published.figures:
        _at_least("published.figures: within", figure.within, 1e-12, where)
    for metric, given in config.margins.items():
        _check_margin(metric, given, where)
    _at_least("resources.cpus_per_device", config.resources.cpus_per_device, 0.01, where)
    _at_least("resources.gpus_per_device", config.resources.gpus_per_device, 0, where)
    _at_least("rows", config.rows, 0, where)
    _at_least("agreement_seeds", config.agreement_seeds, 0, where)
    _at_least("certify_seconds", config.certify_seconds, 1, where)
    for name in ("placement_seconds", "start_seconds", "stall_seconds", "restarts"):
        _at_least(f"gangs.{name}", getattr(config.gangs, name), 0 if name == "restarts" else 1, where)
    for name, seconds in vars(config.trials).items():
        _at_least(f"trials.{name}", seconds, 1, where)
    for category, times in vars(config.retries).items():
        _at_least(f"retries.{category}", times, 0, where)
    _check_timing(config.timing, config.strategies, where)
    if any(seed < 0 or seed >= 2**31 for seed in config.seeds):
        raise ConfigError(where, f"seeds={config.seeds} has one out of range", "use 0 ≤ seed < 2147483648")
    _check_looks(config, where)


def _check_looks(config: Experiment, where: str) -> None:
    looks, planned = config.looks, len(config.seeds)
    if not looks:
        return
    if looks[0] < 2 or sorted(set(looks)) != looks:  # one seed can't decide
        raise ConfigError(where, f"looks={looks} is out of order", "let it grow from 2 or more, e.g. looks=[5,10,20]")
    if looks[-1] != planned:
        remedy = f"end looks with {planned}, or say seeds: auto"
        raise ConfigError(where, f"looks={looks} does not end with all {planned} seeds", remedy)


def _check_margin(metric: str, given: object, where: str) -> None:
    try:
        read_margin(given)
    except ValueError:
        remedy = "give a number above 0, or a fraction of the baseline's standard deviation over seeds, e.g. 0.5sd"
        raise ConfigError(where, f"margins.{metric}={given} is no margin", remedy) from None


def _check_strategy(strategy: Strategy, where: str) -> None:
    key = f"strategies: {strategy.name}"
    _at_least(f"{key}: devices", strategy.devices, 1, where)
    _at_least(f"{key}: workers", strategy.workers, 1, where)
    _at_least(f"{key}: ps", strategy.ps, 1 if strategy.name == "parameter_server" else 0, where)
    ways = CROSS_DEVICE_OPS.get(strategy.name, ("auto",))
    _choose(f"{key}: cross_device_ops", [strategy.cross_device_ops], ways, where)
    _choose(f"{key}: coordination", [strategy.coordination], COORDINATIONS, where)
    _choose(f"{key}: placement", [strategy.placement], PLACEMENTS, where)
    if strategy.name not in GANGS and (strategy.workers > 1 or strategy.ps):
        raise ConfigError(where, f"{key} has no workers or ps: it is one process", "set devices")
    if strategy.name == "multi_worker_mirrored" and strategy.ps:
        raise ConfigError(where, f"{key} has no parameter servers", "leave out ps")


def _check_timing(timing: Timing, strategies: Iterable[Strategy], where: str) -> None:
    if timing.processes:
        _at_least("timing.processes", timing.processes, LEAST_PROCESSES, where)
    _choose("timing.strategies", timing.strategies, [name for s in strategies for name in (s.name, s.label)], where)
    _at_least("timing.rounds", timing.rounds, 1, where)
    _at_least("timing.block_ms", timing.block_ms, 1, where)
    _at_least("timing.warmup_seconds", timing.warmup_seconds, 0, where)


def _at_least(key: str, value: float, low: float, where: str) -> None:
    if not value >= low:
        raise ConfigError(where, f"{key}={value} is out of range", f"use {low:g} or more")
    if value > LARGEST:
        raise ConfigError(where, f"{key}={value} is out of range", f"use {LARGEST} or less")


def _choose(key: str, values: Iterable[str], choices: Sequence[str], where: str) -> None:
    for value in values:
        if value not in choices:
            raise ConfigError(where, f"{key}: unknown {value!r}", f"use one of {', '.join(choices)}")


def config_error(where: str, error: Exception) -> ConfigError:
    key = getattr(error, "full_key", None)
    at = f"{key}: " if key else ""
    return ConfigError(where, f"{at}{one_line(error)}", "the keys and their types are in docs/config.md")


def one_line(error: Exception) -> str:
    return " ".join(str(error).split("full_key:")[0].split())
