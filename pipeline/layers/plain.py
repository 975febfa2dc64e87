# mypy: allow-subclassing-any
"""Vectors as they are, in each style: what an embedding of numbers is compared with.  B batch, F features.

features_BF float32 -> features_BF.  It has no weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.view import View


@dataclass(frozen=True)
class PlainSpec:
    """F numbers in, the same out."""

    features: int


@keras.saving.register_keras_serializable("layerparity")
class Plain(keras.layers.Layer):
    """Gives what it is given."""

    def call(self, features_BF: Any) -> Any:
        return features_BF

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


def as_class(spec: PlainSpec) -> Any:
    """A Layer subclass that does nothing."""
    features_BF = keras.Input((spec.features,))
    return keras.Model(features_BF, Plain(name="plain")(features_BF))


def as_functional(spec: PlainSpec) -> Any:
    """A linear Activation."""
    features_BF = keras.Input((spec.features,))
    return keras.Model(features_BF, keras.layers.Activation("linear")(features_BF))


def spec_for(seen: View, options: Mapping[str, Option], _seed: int) -> PlainSpec:
    """As many features as the data has, whatever the seed.  It has no options."""
    spec: PlainSpec = make_spec(PlainSpec, options, features=seen.shape[0])
    return spec


FAMILY = Family(
    name="plain",
    spec=PlainSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Plain,)},
    roles={},
    spec_for=spec_for,
)
