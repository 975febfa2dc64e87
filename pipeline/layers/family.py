"""What a family is: a spec, an arm per style, and the roles its weights play."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
import tensorflow as tf

from pipeline.errors import BuilderError, ConfigError
from pipeline.frontend import tensor_variable, variable_path
from pipeline.layers.view import View
from pipeline.records import Style

Option = float | int | str | bool


@dataclasses.dataclass(frozen=True)
class Family:
    """One embedding idea, written in several styles.

    `arms` build a Keras model (inputs -> vectors, batch None) from a spec.  `code` names what an arm needs besides
    its builder.  `roles` gives the path endings by which a weight is known in any arm.  A role in `stacked` may be
    played by several weights of an arm: row blocks of what is one weight in another.
    """

    name: str
    spec: type
    arms: Mapping[Style, Callable[[Any], Any]]
    code: Mapping[Style, tuple[Callable[..., Any], ...]]
    roles: Mapping[str, tuple[str, ...]]
    spec_for: Callable[[View, Mapping[str, Option], int], Any]
    stacked: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Stack:
    """Weights, one below the other, read and written as one.  R rows in all."""

    parts: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The path of every part."""
        return ", ".join(variable_path(part) for part in self.parts)

    @property
    def shape(self) -> tuple[int, ...]:
        """(R, ...)."""
        return (sum(int(part.shape[0]) for part in self.parts), *map(int, self.parts[0].shape[1:]))

    @property
    def dtype(self) -> Any:
        """As TensorFlow has it."""
        return tensor_variable(self.parts[0]).dtype

    def numpy(self) -> Any:
        """The value of all parts."""
        return np.asarray(self)

    def assign(self, value: Any) -> None:
        """Gives each part its rows of `value`."""
        ends = np.cumsum([int(part.shape[0]) for part in self.parts])
        for part, rows in zip(self.parts, np.split(np.asarray(value), ends[:-1]), strict=True):
            part.assign(rows)

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Any:
        return tf.concat([tf.convert_to_tensor(part, dtype) for part in self.parts], axis=0, name=name or "stack")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.concatenate([np.asarray(part, dtype) for part in self.parts])


def make_spec(spec: type, options: Mapping[str, Option], **known: Any) -> Any:
    """The spec with the user's options; `known` fields follow from the data and the seed, and can't be options.

    Raises ConfigError for an option that the spec has not, or whose value does not fit the field: a whole number of at
    least 1, a finite number above 0 (float), or one of the words of a Literal.
    """
    fields = {field.name: field.type for field in dataclasses.fields(spec) if field.name not in known}
    for name, value in options.items():
        if name not in fields:
            choices = ", ".join(fields) or "none"
            raise ConfigError("options", f"unknown option {name!r} of {spec.__name__}", f"use one of: {choices}")
        fits, remedy = _fit(value, fields[name])
        if not fits:
            raise ConfigError("options", f"{name}={value!r} does not fit", remedy)
    return spec(**options, **known)


def _fit(value: Option, kind: Any) -> tuple[bool, str]:
    words = get_args(kind)
    if words:
        return value in words, f"use one of: {', '.join(words)}"
    if kind is float:
        return type(value) in (int, float) and 0 < float(value) < math.inf, "give a number above 0"
    return type(value) is int and value >= 1, "give a whole number of at least 1"


def seeds(seed: int, count: int) -> list[int]:
    """A seed for each of several weights, so that tables of one shape do not start alike."""
    return [int(word) >> 1 for word in np.random.SeedSequence(seed).generate_state(count)]


def weights_by_role(model: Any, family: Family) -> dict[str, Any]:
    """The model's tracked weights by role, in the family's order; a role that the model does not track is absent.

    Raises BuilderError if two weights play one role that is not stacked, or a weight plays none.
    """
    found: dict[str, list[Any]] = {}
    for variable in model.weights:
        found.setdefault(_role(variable_path(variable), family), []).append(variable)
    return {role: _one(role, found[role], family) for role in family.roles if role in found}


def _one(role: str, variables: list[Any], family: Family) -> Any:
    if len(variables) == 1:
        return variables[0]
    if role not in family.stacked:
        paths = " and ".join(variable_path(variable) for variable in variables)
        raise BuilderError(family.name, f"two weights play the role {role!r}: {paths}", "rename one of them")
    return Stack(tuple(variables))


def _role(path: str, family: Family) -> str:
    for role, endings in family.roles.items():
        if path.endswith(tuple(f"/{ending}" for ending in endings)) or path in endings:
            return role
    raise BuilderError(family.name, f"the weight {path!r} plays no role", f"name it as one of {dict(family.roles)}")
