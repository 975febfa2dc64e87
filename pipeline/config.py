"""The config schema and `load()`.  The only module that knows OmegaConf.

A config is a YAML file merged over the schema's defaults, then dotlist overrides (`train.epochs=3`).  It is resolved
once and frozen.  Lists along the axes span the matrix; `exclude` rules take cells out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from pipeline.errors import ConfigError
from pipeline.records import FRONTENDS, Strategy, Training

DTYPE_POLICIES = ("float32", "float64", "mixed_bfloat16", "mixed_float16")
OPTIMIZERS = ("sgd", "adagrad", "adam")
EXCLUDE_KEYS = ("family", "candidate", "data", "strategy", "frontend", "dtype_policy", "jit")


@dataclass(frozen=True)
class ResourcesConfig:
    """What one device of a strategy holds on the cluster.  Two logical CPU devices share a core by default."""

    cpus_per_device: float = 0.5
    gpus_per_device: float = 0.0


@dataclass(frozen=True)
class Experiment:
    """A whole config.  The first of `styles` is the baseline; every other style is a candidate against it."""

    name: str = "experiment"
    question: str = ""
    families: list[str] = field(default_factory=lambda: ["projection"])
    styles: list[str] = field(default_factory=lambda: ["class", "functional"])
    data: list[str] = field(default_factory=lambda: ["mnist_5k"])
    strategies: list[Strategy] = field(default_factory=lambda: [Strategy()])
    frontends: list[str] = field(default_factory=lambda: ["keras"])
    dtype_policies: list[str] = field(default_factory=lambda: ["float32"])
    jit: list[bool] = field(default_factory=lambda: [False])
    seeds: list[int] = field(default_factory=lambda: [0, 1, 2, 3, 4])
    exclude: list[dict[str, Any]] = field(default_factory=list)
    certify: bool = True
    certify_seconds: float = 60.0  # the most that one certificate may take
    article_examples: bool = False
    train: Training = field(default_factory=Training)
    train_on: dict[str, dict[str, Any]] = field(default_factory=dict)  # per data set, over `train`
    options: dict[str, dict[str, Any]] = field(default_factory=dict)  # per family, e.g. {projection: {units: 64}}
    margins: dict[str, float] = field(default_factory=dict)  # per metric, absolute; fixed before the run
    rows: int = 0  # examples used of each data set (0: all)
    resources: ResourcesConfig = field(default_factory=ResourcesConfig)

    def training_on(self, data: str) -> Training:
        """The training of one data set: `train` with that data set's own values over it."""
        own = OmegaConf.create(self.train_on.get(data, {}))
        return cast(Training, OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(self.train), own)))

    def to_yaml(self) -> str:
        """The resolved config as YAML; `load` of it gives an equal config."""
        return OmegaConf.to_yaml(OmegaConf.structured(self))


def load(path: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Reads, merges, resolves and checks.  Raises ConfigError with file, key, value and remedy."""
    where = str(path)
    merged = _merge(OmegaConf.structured(Experiment), _read(path), where)
    for override in overrides:
        merged = _merge(merged, _override(override), f"override {override!r}")
    try:
        experiment = OmegaConf.to_object(merged)
    except OmegaConfBaseException as error:
        raise _config_error(where, error) from None
    if not isinstance(experiment, Experiment):
        raise ConfigError(where, "is not a mapping of config keys", "see configs/demo.yaml for an example")
    _check(experiment, where)
    return experiment


def _read(path: Path) -> Any:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(str(path), "no such config file", "give the path of a YAML file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"can't be read ({error})", "give a readable UTF-8 YAML file") from None
    except yaml.YAMLError as error:
        raise ConfigError(str(path), f"is not YAML ({_one_line(error)})", "mend the file at that line") from None
    if not isinstance(content, dict):
        raise ConfigError(str(path), "is not a mapping of config keys", "see configs/demo.yaml for an example")
    return content


def _override(text: str) -> Any:
    key, equals, _ = text.partition("=")
    if not equals or not key:
        raise ConfigError(f"override {text!r}", "is not key=value", "write e.g. train.epochs=3")
    try:
        return OmegaConf.to_container(OmegaConf.from_dotlist([text]))
    except (OmegaConfBaseException, yaml.YAMLError) as error:
        raise ConfigError(f"override {text!r}", _one_line(error), "write e.g. train.epochs=3") from None


def _merge(base: Any, content: Mapping[str, Any], where: str) -> Any:
    try:
        return OmegaConf.merge(base, OmegaConf.create(_with_strategy_names(dict(content))))
    except OmegaConfBaseException as error:
        raise _config_error(where, error) from None


def _with_strategy_names(content: dict[str, Any]) -> dict[str, Any]:
    """`strategies: [one_device]` is short for `[{name: one_device}]`."""
    if isinstance(content.get("strategies"), list):
        content["strategies"] = [{"name": s} if isinstance(s, str) else s for s in content["strategies"]]
    return content


def _config_error(where: str, error: OmegaConfBaseException) -> ConfigError:
    key = f"{error.full_key}: " if getattr(error, "full_key", None) else ""
    return ConfigError(where, f"{key}{_one_line(error)}", "the keys and their types are in docs/config.md")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split("full_key:")[0].split())


def _check(config: Experiment, where: str) -> None:
    for axis in ("families", "data", "strategies", "frontends", "dtype_policies", "jit", "seeds"):
        values = getattr(config, axis)
        if not values:
            raise ConfigError(where, f"{axis} is empty", f"name at least one, e.g. {axis}=[…]")
        if len({str(v) for v in values}) != len(values):
            raise ConfigError(where, f"{axis}={values} names one twice", "name each once")
    if len(config.styles) < 2 or len(set(config.styles)) != len(config.styles):
        raise ConfigError(where, f"styles={config.styles} is no comparison", "name a baseline, then other styles")
    _choose("frontends", config.frontends, FRONTENDS, where)
    _choose("dtype_policies", config.dtype_policies, DTYPE_POLICIES, where)
    for rule in config.exclude:
        _choose("exclude", rule, EXCLUDE_KEYS, where)
    for name in config.train_on:
        _merge_training(config, name, where)
    for data in config.data:
        _check_training(config.training_on(data), where)
    _check_numbers(config, where)


def _merge_training(config: Experiment, data: str, where: str) -> None:
    try:
        config.training_on(data)
    except OmegaConfBaseException as error:
        raise _config_error(f"{where}: train_on.{data}", error) from None
    if data not in config.data:
        raise ConfigError(where, f"train_on.{data} is not among data={config.data}", "add it to data, or drop it")


def _check_training(training: Training, where: str) -> None:
    _choose("train.optimizer", [training.optimizer], OPTIMIZERS, where)
    for name in ("epochs", "global_batch", "learning_rate", "steps_per_call"):
        _at_least(f"train.{name}", getattr(training, name), 1 if name != "learning_rate" else 1e-12, where)
    _at_least("train.steps", training.steps, 0, where)
    if not 0 <= training.dropout < 1:
        raise ConfigError(where, f"train.dropout={training.dropout} is out of range", "use 0 ≤ dropout < 1")


def _check_numbers(config: Experiment, where: str) -> None:
    for strategy in config.strategies:
        _at_least(f"strategies: {strategy.name}: devices", strategy.devices, 1, where)
    for metric, margin in config.margins.items():
        _at_least(f"margins.{metric}", margin, 1e-12, where)
    _at_least("resources.cpus_per_device", config.resources.cpus_per_device, 0.01, where)
    _at_least("resources.gpus_per_device", config.resources.gpus_per_device, 0, where)
    _at_least("rows", config.rows, 0, where)
    _at_least("certify_seconds", config.certify_seconds, 1, where)
    if any(seed < 0 or seed >= 2**31 for seed in config.seeds):
        raise ConfigError(where, f"seeds={config.seeds} has one out of range", "use 0 ≤ seed < 2147483648")


def _at_least(key: str, value: float, low: float, where: str) -> None:
    if not value >= low or value == float("inf"):
        raise ConfigError(where, f"{key}={value} is out of range", f"use {low:g} or more")


def _choose(key: str, values: Iterable[str], choices: Sequence[str], where: str) -> None:
    for value in values:
        if value not in choices:
            raise ConfigError(where, f"{key}: unknown {value!r}", f"use one of {', '.join(choices)}")
