"""The variables of one arm, described by everything that a role can be told from except their order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.frontend import tensor_variable, variable_path

SEED_STATE = "seed_generator_state"
# Names that Keras gives by itself beside those made from a class name.
GIVEN_BY_KERAS = frozenset({"model", "functional", "sequential", "seed_generator", "variable"})


@dataclass(frozen=True, eq=False)
class Listed:
    """One variable.  `initial` tells a constant start by its value from a "random" one; `words` are its own names."""

    variable: Any
    path: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool
    initial: str
    words: frozenset[str]

    @property
    def is_seed(self) -> bool:
        """Whether this is the state of a seed generator."""
        return SEED_STATE in self.path

    @property
    def described(self) -> str:
        """`dense/kernel float32[784, 64]`."""
        return f"{self.path} {self.dtype}{list(self.shape)}"


def listed(model: Any) -> list[Listed]:
    """Every variable that the arm tracks, seed-generator states included."""
    trainable = {id(tensor_variable(variable)) for variable in model.trainable_variables}
    automatic = _automatic_names(model)
    return [_describe(variable, id(tensor_variable(variable)) in trainable, automatic) for variable in model.variables]


def _describe(variable: Any, trainable: bool, automatic: frozenset[str]) -> Listed:
    tensor, path = tensor_variable(variable), variable_path(variable)
    parts = [part for part in path.lower().split("/") if re.sub(r"_\d+$", "", part) not in automatic]
    words = frozenset(word for part in parts for word in re.split(r"[^a-z0-9]+", part) if word)
    shape = tuple(int(size) for size in tensor.shape)
    return Listed(variable, path, shape, tensor.dtype.name, trainable, _initial(tensor.numpy()), words)


def _initial(value: Any) -> str:
    flat = np.asarray(value).astype(np.float64).ravel()
    constant = flat.size > 0 and bool(np.all(flat == flat[0]))
    return f"{flat[0]:g}" if constant else "random"


def _automatic_names(model: Any) -> frozenset[str]:
    """Layer names made from a class name say nothing of a role, nor does their running number."""
    classes = {type(layer).__name__ for layer in sublayers(model)}
    return GIVEN_BY_KERAS | {_snake_case(name) for name in classes}


def sublayers(model: Any) -> Iterable[Any]:
    """The model and every layer in it, at any depth."""
    flatten = getattr(model, "_flatten_layers", None)
    return list(flatten()) if flatten is not None else [model]


def _snake_case(name: str) -> str:
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def by_own_words(group: list[Listed]) -> dict[frozenset[str], Listed]:
    """The members of a group by the words that the whole group does not share; those without such words are left out.

    Two members with the same words are left out too.
    """
    common = frozenset.intersection(*(each.words for each in group)) if group else frozenset()
    own = [each.words - common for each in group]
    return {words: each for words, each in zip(own, group, strict=True) if words and own.count(words) == 1}
