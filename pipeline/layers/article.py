# mypy: allow-subclassing-any
"""The three examples of the article, as they stand: nothing is corrected here.  B batch, F features, U units.

`run_example` takes one through build, fit, predict, save and load, and records how far it came.  The corrected
counterparts are the families `projection` and `stateful`.  A fourth, `captured_dense`, is example 1 inside a Lambda.
"""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.errors import ConfigError
from pipeline.frontend import keras
from pipeline.layers.captured import run_captured
from pipeline.records import Stage


class MyComplexLayer(keras.layers.Layer):
    """Example 2: its weights in `build`, no get_config, not registered."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, inputs: Any) -> Any:
        return tf.nn.relu(tf.matmul(inputs, self.w) + self.b)


class StatefulLayer(keras.layers.Layer):
    """Example 3: the state is a Python attribute, overwritten at each call."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state = None

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", name="w")

    def call(self, inputs: Any) -> Any:
        if self.state is None:
            self.state = tf.zeros((inputs.shape[0], self.units))
        self.state = tf.matmul(inputs, self.w) + self.state
        return self.state


def functional_lambda() -> Any:
    """Example 1: a lambda that wires Dense and Activation, put into a Sequential."""
    layer = lambda x: keras.layers.Activation("relu")(keras.layers.Dense(64)(x))  # noqa: E731  as in the article
    return keras.Sequential([keras.Input((784,)), layer, keras.layers.Dense(10, activation="softmax")])


def complex_layer() -> Any:
    """Example 2 between an Input of 784 and a Dense of 10."""
    return keras.Sequential([keras.Input((784,)), MyComplexLayer(64), keras.layers.Dense(10, activation="softmax")])


def stateful_layer() -> Any:
    """Example 3 on a time series of 10 features."""
    return keras.Sequential([keras.Input((10,)), StatefulLayer(32), keras.layers.Dense(1)])


CAPTURED = "captured_dense"
EXAMPLES: Mapping[str, tuple[Callable[[], Any], str]] = MappingProxyType(
    {
        "functional_lambda": (functional_lambda, "sparse_categorical_crossentropy"),
        "complex_layer": (complex_layer, "sparse_categorical_crossentropy"),
        "stateful_layer": (stateful_layer, "mse"),
    }
)


def run_example(name: str) -> tuple[tuple[Stage, ...], int]:
    """The stages up to the first that failed, and the model's parameters (0 where it could not be built).

    A failed stage's detail is the exception's type and the first telling line of its message.
    """
    if name == CAPTURED:
        return run_captured(_first_line)
    if name not in EXAMPLES:
        raise ConfigError("examples", f"unknown example {name!r}", f"use one of {', '.join((*EXAMPLES, CAPTURED))}")
    stages: list[Stage] = []
    models: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        for stage, action in _actions(name, Path(folder) / "example.keras", models).items():
            try:
                action()
            except Exception as problem:  # whatever the example raises is the finding
                stages.append(Stage(stage, False, _first_line(problem)))
                break
            stages.append(Stage(stage, True, ""))
    return tuple(stages), models[0].count_params() if models else 0


def _actions(name: str, file: Path, models: list[Any]) -> dict[str, Callable[[], Any]]:
    """What each stage does.  `build` puts the model into `models`, where the later ones find it."""
    build, loss = EXAMPLES[name]
    random = np.random.default_rng(0)

    def fit() -> None:
        model = models[0]
        model.compile("adam", loss)
        inputs_BF = random.normal(size=(32, model.input_shape[-1])).astype("float32")
        model.fit(inputs_BF, random.integers(0, model.output_shape[-1], 32), batch_size=16, verbose=0)

    return {
        "build": lambda: models.append(build()),
        "fit": fit,
        "predict": lambda: models[0].predict(np.zeros((4, models[0].input_shape[-1]), "float32"), verbose=0),
        "save": lambda: models[0].save(file),
        "load": lambda: keras.models.load_model(file, safe_mode=True),
    }


# What Keras puts around the message of what went wrong: its own headings, and source lines with their code.
_FRAME = re.compile(r"Exception encountered when .*|Could not automatically infer .*|in user code:|File \".*\n.*")
_NOISE = re.compile(r"\x1b\[\d+m| at 0x[0-9a-f]+")  # terminal colours and memory addresses


def _first_line(problem: Exception) -> str:
    kind = type(problem).__name__
    lines = _FRAME.sub("", _NOISE.sub("", str(problem))).split("\n")
    told = next((line.strip() for line in lines if line.strip()), "")
    return f"{kind}: {told.removeprefix(f'{kind}: ')}"
