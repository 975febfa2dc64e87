"""Gives the candidate the baseline's initial weights, role by role."""

from collections.abc import Mapping
from typing import Any

from pipeline.errors import BuilderError
from pipeline.frontend import variable_path
from pipeline.records import WeightRole


def transplant(baseline: Mapping[str, Any], candidate: Mapping[str, Any]) -> tuple[WeightRole, ...]:
    """Copies the baseline's values into the candidate's variables of the same role; returns the map.

    A role that only one arm tracks stays as it is there, and has path None in the other.
    Raises BuilderError if a role's shapes differ.
    """
    weight_map = tuple(_role(role, baseline.get(role), candidate.get(role)) for role in {**baseline, **candidate})
    for role in baseline.keys() & candidate.keys():
        candidate[role].assign(baseline[role])
    return weight_map


def _role(role: str, baseline: Any, candidate: Any) -> WeightRole:
    shapes = {tuple(variable.shape) for variable in (baseline, candidate) if variable is not None}
    if len(shapes) > 1:
        raise BuilderError(role, f"the arms' weights have shapes {sorted(shapes)}", "give both arms the same spec")
    return WeightRole(role, shapes.pop(), _path(baseline), _path(candidate))


def _path(variable: Any) -> str | None:
    return None if variable is None else variable_path(variable)
