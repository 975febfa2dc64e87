"""The weights of a pair: read, written, drawn at random for both arms alike, and put back.

Every function keeps the two arms equal by role.  Integer state (seeds, counters) is never drawn anew.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject, tensor_variables, trainable_roles
from pipeline.frontend import tensor_variable

Array = npt.NDArray[Any]
# What a trainable weight is multiplied with.  "large" reaches clips and saturations, "small" the epsilons.
SCALES: Mapping[str, float] = {"ordinary": 1.0, "large": 300.0, "small": 1e-3}
WeightDraw = Literal["given", "ordinary", "large", "small"]


def read(subject: Subject) -> dict[str, Array]:
    """Each role's value."""
    return {role: variable.numpy() for role, variable in tensor_variables(subject).items()}


def write(subject: Subject, values: Mapping[str, Array]) -> None:
    """Sets roles to values, cast to the dtype of the variable."""
    variables = tensor_variables(subject)
    for role, value in values.items():
        variables[role].assign(np.asarray(value).astype(variables[role].dtype.as_numpy_dtype))


@contextmanager
def preserved(*models: Any) -> Iterator[None]:
    """Puts every variable of the models back, with or without a role, at the end."""
    variables = [tensor_variable(variable) for model in models for variable in model.variables]
    before = [variable.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def draw(pair: Pair, kind: WeightDraw, rng: np.random.Generator) -> None:
    """Gives both arms the same new weights.  "given" leaves them.

    Float state is drawn from 0.5..1.5, since it may hold a variance.
    """
    if kind == "given":
        return
    trainable = set(trainable_roles(pair.baseline))
    values = {
        role: _drawn(value, role in trainable, SCALES[kind], rng)
        for role, value in read(pair.baseline).items()
        if is_float(value)
    }
    for subject in pair.subjects:
        write(subject, values)


def _drawn(value: Array, trainable: bool, scale: float, rng: np.random.Generator) -> Array:
    if not trainable:
        return rng.uniform(0.5, 1.5, value.shape)
    fan_in = int(np.prod(value.shape[:-1])) if value.ndim > 1 else 1
    return rng.normal(0.0, scale / np.sqrt(min(max(fan_in, 1), 64)), value.shape)


def is_float(value: Array) -> bool:
    """Whether the array holds floating-point numbers, bfloat16 included."""
    return bool(np.issubdtype(value.dtype, np.floating)) or value.dtype.name == "bfloat16"
