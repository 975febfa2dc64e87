# mypy: allow-subclassing-any
"""What the bank's arms are made of: layers that carry their settings, and layers that are one named formula."""

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from pipeline.frontend import keras
from pipeline.records import InputSpec

register = keras.saving.register_keras_serializable(package="selftest")


class Arm(keras.layers.Layer):
    """A layer whose keyword arguments are those of SETTINGS, with their defaults; `get_config` gives each one back."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, **kwargs: Any) -> None:
        settings = {name: kwargs.pop(name, default) for name, default in self.SETTINGS.items()}
        super().__init__(**kwargs)
        for name, value in settings.items():
            setattr(self, name, value)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **{name: getattr(self, name) for name in self.SETTINGS}}


@register
class Formula(Arm):
    """`formula(x, *weights)`, where `formula` is "module:function" and `shapes` names the weights in order.

    Weights are drawn from N(0, .5).  `masking` passes the input's mask on.
    """

    SETTINGS: ClassVar[Mapping[str, Any]] = {"formula": "", "shapes": (), "frozen": (), "masking": False}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        module, _, function = self.formula.partition(":")
        self.function = getattr(importlib.import_module(module), function)
        self.supports_masking = self.masking

    def build(self, input_shape: Any) -> None:
        normal = keras.initializers.RandomNormal
        self.roles = [
            self.add_weight(
                name=name, shape=tuple(shape), initializer=normal(stddev=0.5), trainable=name not in self.frozen
            )
            for name, shape in self.shapes
        ]
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        return self.function(inputs, *self.roles)


def formula(
    function: Callable[..., Any],
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    *,
    frozen: tuple[str, ...] = (),
    masking: bool = False,
) -> Callable[[], Any]:
    """A builder of the layer that computes `function(x, *weights)` with weights of these names and shapes."""
    return partial(
        Formula,
        formula=f"{function.__module__}:{function.__qualname__}",
        shapes=tuple((shapes or {}).items()),
        frozen=frozen,
        masking=masking,
    )


def floats(*shape: int, low: float = -3.0, high: float = 3.0) -> InputSpec:
    """A float input."""
    return InputSpec(shape, "float32", low, high)


def ids(*shape: int, low: int = 0, high: int) -> InputSpec:
    """An int32 input of ids `low` to `high`, both included."""
    return InputSpec(shape, "int32", low, high)


def ids_input(*shape: int) -> Any:
    """The `keras.Input` of an int32 tensor."""
    return keras.Input(shape, dtype="int32")


def wired(inputs: Any, *layers: Any) -> Any:
    """The Functional model that applies the layers one after another."""
    x = inputs
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)
