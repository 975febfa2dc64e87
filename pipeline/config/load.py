"""Reads a config: a YAML file merged over the schema's defaults, then dotlist overrides; resolved once and frozen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import msgspec
import yaml
from omegaconf import OmegaConf

from pipeline.config.check import CONFIG_ERRORS, check, config_error, one_line
from pipeline.config.content import check_content, check_resolved
from pipeline.config.schema import AUTO_LOOKS, STRATEGY_DEFAULTS, Experiment
from pipeline.errors import ConfigError

AUTO = "auto"  # seeds: auto
MOST_BYTES = 2**20
MOST_SEEDS = 100_000
# A tag whose text is none of its values (`!!int x`), a date that there is not, brackets beyond Python's depth.
_YAML_ERRORS = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


def load(path: Path, overrides: Sequence[str] = (), resolvers: Collection[str] = ()) -> Experiment:
    """Reads, merges, resolves and checks.  Raises ConfigError with file, key, value and remedy.

    `resolvers` are the names of OmegaConf's resolvers (`oc.env`) that the config may call; by itself it may call none.
    """
    where = str(path)
    layers = [(_read(path), where), *((_override(override), f"override {override!r}") for override in overrides)]
    for content, source in layers:
        check_content(content, source, resolvers)
    seeds = [content["seeds"] for content, _ in layers if "seeds" in content]
    merged = OmegaConf.structured(Experiment)
    for content, source in layers:
        merged = _merge(merged, {k: v for k, v in content.items() if (k, v) != ("seeds", AUTO)}, source)
    if seeds[-1:] == [AUTO]:
        merged = _merge(merged, _auto_seeds(merged, where), where)
    try:
        experiment = cast(Experiment, OmegaConf.to_object(merged))
    except CONFIG_ERRORS as error:
        raise config_error(where, error) from None
    check_resolved(asdict(experiment), where)
    experiment = _typed(experiment, where)
    check(experiment, where)
    return experiment


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise ConfigError(str(path), f"has more than {MOST_BYTES} bytes", "is it a config?  Shorten its lists")
        content = yaml.safe_load(text.decode("utf-8"))
    except FileNotFoundError:
        raise ConfigError(str(path), "no such config file", "give the path of a YAML file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"can't be read ({error})", "give a readable UTF-8 YAML file") from None
    except _YAML_ERRORS as error:
        raise ConfigError(str(path), f"is not YAML ({one_line(error)})", "mend the file at that line") from None
    if not isinstance(content, dict):
        raise ConfigError(str(path), "is not a mapping of config keys", "see configs/demo.yaml for an example")
    return content


def _typed(experiment: Any, where: str) -> Experiment:
    """OmegaConf lets lists and mappings pass where a list has to hold texts or numbers."""
    try:
        return msgspec.convert(asdict(experiment), Experiment)
    except msgspec.ValidationError as error:
        raise ConfigError(where, one_line(error), "the keys and their types are in docs/config.md") from None


def _auto_seeds(merged: Any, where: str) -> dict[str, list[int]]:
    try:
        looks = list(merged.looks or AUTO_LOOKS)
    except CONFIG_ERRORS as error:
        raise config_error(where, error) from None
    if not all(isinstance(look, int) and 0 < look <= MOST_SEEDS for look in looks):
        raise ConfigError(where, f"looks={looks} is out of range", f"use 2 to {MOST_SEEDS}")
    return {"looks": looks, "seeds": list(range(max(looks)))}


def _override(text: str) -> Any:
    key, equals, _ = text.partition("=")
    if not equals or not key:
        raise ConfigError(f"override {text!r}", "is not key=value", "write e.g. train.epochs=3")
    try:
        return OmegaConf.to_container(OmegaConf.from_dotlist([text]))
    except (*CONFIG_ERRORS, *_YAML_ERRORS) as error:
        raise ConfigError(f"override {text!r}", one_line(error), "write e.g. train.epochs=3") from None


def _merge(base: Any, content: Mapping[str, Any], where: str) -> Any:
    try:
        return OmegaConf.merge(base, OmegaConf.create(_with_strategy_defaults(dict(content))))
    except CONFIG_ERRORS as error:
        raise config_error(where, error) from None


def _with_strategy_defaults(content: dict[str, Any]) -> dict[str, Any]:
    """`strategies: [mirrored]` is short for `[{name: mirrored}]`, and that for `[{name: mirrored, devices: 2}]`."""
    if isinstance(content.get("strategies"), list):
        named = [{"name": item} if isinstance(item, str) else item for item in content["strategies"]]
        content["strategies"] = [
            {**STRATEGY_DEFAULTS.get(str(item.get("name")), {}), **item} if isinstance(item, dict) else item
            for item in named
        ]
    return content
