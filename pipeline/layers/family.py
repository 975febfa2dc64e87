"""What a family is: a spec, an arm per style, and the roles its weights play."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.errors import BuilderError, ConfigError
from pipeline.frontend import variable_path
from pipeline.records import Dataset, Style

Option = float | int | str | bool


@dataclasses.dataclass(frozen=True)
class Family:
    """One embedding idea, written in several styles.

    `arms` build a Keras model (inputs -> vectors, batch None) from a spec.  `code` names what an arm needs besides
    its builder.  `roles` gives the path endings by which a weight is known in any arm.
    """

    name: str
    spec: type
    arms: Mapping[Style, Callable[[Any], Any]]
    code: Mapping[Style, tuple[Callable[..., Any], ...]]
    roles: Mapping[str, tuple[str, ...]]
    spec_for: Callable[[Dataset, Mapping[str, Option], int], Any]


def make_spec(spec: type, options: Mapping[str, Option], **known: Option) -> Any:
    """The spec with the user's options; `known` fields follow from the data and the seed, and can't be options.

    Raises ConfigError for an option that the spec has not, or whose value is not of the field's type or positive.
    """
    fields = {field.name: field.type for field in dataclasses.fields(spec) if field.name not in known}
    for name, value in options.items():
        if name not in fields:
            choices = ", ".join(fields) or "none"
            raise ConfigError("options", f"unknown option {name!r} of {spec.__name__}", f"use one of: {choices}")
        if type(value) is not fields[name] or (isinstance(value, int) and value < 1):
            raise ConfigError("options", f"{name}={value!r} does not fit", "give a whole number of at least 1")
    return spec(**options, **known)


def weights_by_role(model: Any, family: Family) -> dict[str, Any]:
    """The model's tracked weights by role, in the family's order; a role that the model does not track is absent.

    Raises BuilderError if two weights play one role or a weight plays none.
    """
    found: dict[str, Any] = {}
    for variable in model.weights:
        path = variable_path(variable)
        role = _role(path, family)
        if role in found:
            paths = f"{variable_path(found[role])} and {path}"
            raise BuilderError(family.name, f"two weights play the role {role!r}: {paths}", "rename one of them")
        found[role] = variable
    return {role: found[role] for role in family.roles if role in found}


def _role(path: str, family: Family) -> str:
    for role, endings in family.roles.items():
        if path.endswith(tuple(f"/{ending}" for ending in endings)) or path in endings:
            return role
    raise BuilderError(family.name, f"the weight {path!r} plays no role", f"name it as one of {dict(family.roles)}")
