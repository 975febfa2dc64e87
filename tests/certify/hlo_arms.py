"""Arms for the tests of programs: a layer from its weights' shapes and a body, and the way to a Subject."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipeline.certify.subject import Subject
from pipeline.frontend import keras
from pipeline.records import InputSpec

KL = keras.layers
FLOATS = InputSpec((6,))
ROWS = InputSpec((5, 6))
IDS = InputSpec((4,), "int32", 0, 19)


class Written(keras.layers.Layer):
    """A hand-written layer: `shapes` of its weights by role, `body(weights by role, x)`."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], body: Callable[..., Any], **keywords: Any) -> None:
        super().__init__(**keywords)
        self.shapes, self.body, self.parts = shapes, body, {}

    def build(self, input_shape: Any) -> None:  # noqa: ARG002 - Keras calls it by this name
        for role, shape in self.shapes.items():
            self.parts[role] = self.add_weight(name=role, shape=shape, initializer="glorot_uniform")
        self.built = True

    def call(self, x: Any) -> Any:
        return self.body(self.parts, x)


def written(shapes: Mapping[str, tuple[int, ...]], body: Callable[..., Any]) -> Any:
    return Written(shapes, body)


def functional(spec: InputSpec, wire: Callable[[Any], Any]) -> Any:
    inputs = keras.Input(spec.shape, dtype=spec.dtype)
    return keras.Model(inputs, wire(inputs))


def subject(model: Any, spec: InputSpec, roles: tuple[str, ...] = (), variables: tuple[Any, ...] = ()) -> Subject:
    """Roles in the order of `variables`; of the model's own weights where none are given."""
    model(np.zeros((3, *spec.shape), spec.dtype))
    variables = variables or tuple(model.weights)
    roles = roles or tuple(f"w{k}" for k in range(len(variables)))
    return Subject("baseline", model, (spec,), roles, variables, isinstance(model, keras.Model))


def dense(body: Callable[..., Any] | None = None, units: int = 8) -> Subject:
    """A dense layer written by hand."""
    shapes = {"kernel": (FLOATS.shape[0], units), "bias": (units,)}
    return subject(written(shapes, body or (lambda w, x: x @ w["kernel"] + w["bias"])), FLOATS)


def stock_dense(units: int = 8, **keywords: Any) -> Subject:
    return subject(functional(FLOATS, KL.Dense(units, **keywords)), FLOATS)


def table(body: Callable[..., Any], rows: int = 20, spec: InputSpec = IDS) -> Subject:
    """An embedding written by hand."""
    return subject(written({"table": (rows, 3)}, lambda w, x: body(w["table"], x)), spec)


def stock_pooled(rows: int = 20, spec: InputSpec = IDS) -> Subject:
    return subject(functional(spec, lambda ids: KL.GlobalAveragePooling1D()(KL.Embedding(rows, 3)(ids))), spec)


def plain(body: Callable[[Any], Any], spec: InputSpec = FLOATS) -> Subject:
    """An arm without weights."""
    return subject(written({}, lambda _weights, x: body(x)), spec)
