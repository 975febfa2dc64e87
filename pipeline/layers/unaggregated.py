# mypy: allow-subclassing-any
"""`stateful` with the variable aggregation that Keras gives by default, as in the article: none.  Same shapes.

Kept as a demonstration: on one device it is the same layer as `stateful`, in value, gradient and training; under a
strategy with several replicas each of them keeps a state of its own, without a word.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from pipeline.frontend import keras
from pipeline.layers import stateful
from pipeline.layers.carry import Carry
from pipeline.layers.stateful import Stateful, StatefulSpec


@keras.saving.register_keras_serializable("layerparity")
class UnaggregatedStateful(Stateful):
    """Does not say what becomes of the state when several replicas assign it."""

    state_options: ClassVar[Mapping[str, Any]] = {}


@keras.saving.register_keras_serializable("layerparity")
class UnaggregatedCarry(Carry):
    """Does not say so either."""

    state_options: ClassVar[Mapping[str, Any]] = {}


def as_class(spec: StatefulSpec) -> Any:
    """A Layer subclass that keeps its state in a weight."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    layer = UnaggregatedStateful(units=spec.units, seed=spec.seed, name="stateful")
    return keras.Model(windows_BTF, layer(windows_BTF))


def as_functional(spec: StatefulSpec) -> Any:
    """The pure core of `stateful`, its state threaded by a carrier."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    return keras.Model(windows_BTF, UnaggregatedCarry(core=stateful.pure_core(spec), name="carry")(windows_BTF))


FAMILY = dataclasses.replace(
    stateful.FAMILY,
    name="unaggregated",
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Stateful, UnaggregatedStateful), "functional": (stateful.pure_core, Carry, UnaggregatedCarry)},
)
