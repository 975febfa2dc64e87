"""The initialiser that each weight was declared with, and the distribution that it promises."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from typing import Any

from scipy import stats

from pipeline.frontend import keras, tensor_variable

TRUNCATED_STD = 0.87962566103423978  # of a standard normal cut at two standard deviations


@contextmanager
def recorded() -> Iterator[dict[int, Any]]:
    """The initialiser with which the layers built inside make each weight, by the id of its tf.Variable.

    Neither frontend's variable remembers it.  One that a layer does not name is the frontend's default.
    """
    original = keras.layers.Layer.add_weight
    named, found = signature(original), dict[int, Any]()

    def add_weight(layer: Any, *args: Any, **kwargs: Any) -> Any:
        variable = original(layer, *args, **kwargs)
        given = named.bind(layer, *args, **kwargs).arguments
        second = (*given.get("args", ()), None, None)[1]  # Keras 3 takes it as the second of *args, too
        default = "glorot_uniform" if tensor_variable(variable).dtype.is_floating else "zeros"
        found[id(tensor_variable(variable))] = keras.initializers.get(given.get("initializer", second) or default)
        return variable

    keras.layers.Layer.add_weight = add_weight
    try:
        yield found
    finally:
        keras.layers.Layer.add_weight = original


def shown(initializer: Any) -> str:
    """`RandomNormal(mean=0.0, stddev=0.05)`: its class and settings without the seed; a function by its name."""
    if not hasattr(initializer, "get_config"):
        return str(getattr(initializer, "__name__", type(initializer).__name__))
    config = {name: value for name, value in initializer.get_config().items() if name != "seed" and value is not None}
    return f"{type(initializer).__name__}({', '.join(f'{name}={value}' for name, value in config.items())})"


def promised(initializer: Any, shape: Sequence[int]) -> Any:
    """The scipy distribution of which each element is a draw; None where it is not one of LAWS."""
    for kind, law in LAWS.items():
        if isinstance(initializer, getattr(keras.initializers, kind)):
            found = law(initializer, shape)
            return found if found is not None and found.std() > 0 else None
    return None


def is_fixed(initializer: Any) -> bool:
    """Whether it gives the same values whatever the seed."""
    return isinstance(initializer, tuple(getattr(keras.initializers, kind) for kind in FIXED))


def _scaled(initializer: Any, shape: Sequence[int]) -> Any:
    if getattr(initializer, "input_axes", None) is not None or getattr(initializer, "output_axes", None) is not None:
        return None  # axes of its own say what a fan is
    fan_in, fan_out = _fans(shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[initializer.mode]
    std = math.sqrt(initializer.scale / max(1.0, fan))
    if initializer.distribution == "uniform":
        return stats.uniform(-math.sqrt(3) * std, 2 * math.sqrt(3) * std)
    if initializer.distribution == "untruncated_normal":
        return stats.norm(0, std)
    return stats.truncnorm(-2, 2, 0, std / TRUNCATED_STD)


def _fans(shape: Sequence[int]) -> tuple[float, float]:
    """Inputs and outputs of one unit, as both frontends count them."""
    if len(shape) < 2:
        return (float(shape[0]), float(shape[0])) if shape else (1.0, 1.0)
    field = math.prod(shape[:-2])
    return float(shape[-2] * field), float(shape[-1] * field)


FIXED = ("Zeros", "Ones", "Constant", "Identity")
LAWS: Mapping[str, Callable[[Any, Sequence[int]], Any]] = {
    "RandomNormal": lambda given, _: stats.norm(given.mean, given.stddev),
    "TruncatedNormal": lambda given, _: stats.truncnorm(-2, 2, given.mean, given.stddev),
    "RandomUniform": lambda given, _: stats.uniform(given.minval, given.maxval - given.minval),
    "VarianceScaling": _scaled,
}
