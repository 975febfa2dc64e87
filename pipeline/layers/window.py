# mypy: allow-subclassing-any
"""A window of a series as one vector, in each style.

B batch, T steps, F features, K steps of a patch, S stride, P patches, U units.

windows_BTF float32 -> vectors_BX, X = P U: relu(patch W + b) for each of P = (T - K) // S + 1 patches of K steps, S
apart, one after the other; the last ends with the window, and what is left over is cut off at the front.  A 1-D
convolution over time (Waibel et al. 1989, "Phoneme Recognition Using Time-Delay Neural Networks") or a dense map of
patches (Nie et al. 2023, "A Time Series is Worth 64 Words", arXiv:2211.14730): the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.errors import ConfigError
from pipeline.frontend import keras
from pipeline.layers.family import Family, Option, make_spec
from pipeline.layers.view import View


@dataclass(frozen=True)
class WindowSpec:
    """T steps of F features in, U units for each patch out."""

    steps: int
    features: int
    patch: int = 8
    stride: int = 4
    units: int = 16
    seed: int = 0


@keras.saving.register_keras_serializable("layerparity")
class Patches(keras.layers.Layer):
    """A dense map of strided patches."""

    def __init__(self, *, patch: int, stride: int, units: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.patch, self.stride, self.units, self.seed = patch, stride, units, seed

    def build(self, input_shape: Any) -> None:
        shape = (self.patch, input_shape[-1], self.units)
        glorot = keras.initializers.GlorotUniform(seed=self.seed)
        self.kernel_KFU = self.add_weight(name="kernel", shape=shape, initializer=glorot)
        self.bias_U = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        super().build(input_shape)

    def call(self, windows_BTF: Any) -> Any:
        first = (windows_BTF.shape[1] - self.patch) % self.stride
        patches_BPKF = tf.signal.frame(windows_BTF[:, first:], self.patch, self.stride, axis=1)
        vectors_BPU = tf.nn.relu(tf.tensordot(patches_BPKF, self.kernel_KFU, 2) + self.bias_U)
        return tf.reshape(vectors_BPU, (-1, vectors_BPU.shape[1] * self.units))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], ((input_shape[1] - self.patch) // self.stride + 1) * self.units)

    def get_config(self) -> dict[str, Any]:
        own = {"patch": self.patch, "stride": self.stride, "units": self.units, "seed": self.seed}
        return {**super().get_config(), **own}


def as_class(spec: WindowSpec) -> Any:
    """A Layer subclass over tf.signal.frame."""
    windows_BTF = keras.Input((spec.steps, spec.features))
    layer = Patches(patch=spec.patch, stride=spec.stride, units=spec.units, seed=spec.seed, name="patches")
    return keras.Model(windows_BTF, layer(windows_BTF))


def as_functional(spec: WindowSpec) -> Any:
    """Cropping1D, Conv1D and Reshape, wired: Reshape refuses the false shape that Conv1D gives an empty batch."""
    layers = keras.layers
    windows_BTF = keras.Input((spec.steps, spec.features))
    kept_BTF = layers.Cropping1D(((spec.steps - spec.patch) % spec.stride, 0))(windows_BTF)
    glorot = keras.initializers.GlorotUniform(seed=spec.seed)
    options = {"strides": spec.stride, "activation": "relu", "kernel_initializer": glorot}
    convolution = layers.Conv1D(spec.units, spec.patch, **options, name="convolution")
    vectors_BPU = convolution(kept_BTF)
    return keras.Model(windows_BTF, layers.Reshape((vectors_BPU.shape[1] * spec.units,))(vectors_BPU))


def spec_for(seen: View, options: Mapping[str, Option], seed: int) -> WindowSpec:
    """As many steps and features as the data has.  Options: patch, stride, units.

    Raises ConfigError for a patch that is longer than the data's windows.
    """
    steps, features = seen.shape
    spec: WindowSpec = make_spec(WindowSpec, options, steps=steps, features=features, seed=seed)
    if spec.patch > steps:
        raise ConfigError("options", f"patch={spec.patch} is longer than a window", f"use at most {steps}")
    return spec


FAMILY = Family(
    name="window",
    spec=WindowSpec,
    arms={"class": as_class, "functional": as_functional},
    code={"class": (Patches,)},
    roles={"kernel": ("kernel",), "bias": ("bias",)},
    spec_for=spec_for,
)
