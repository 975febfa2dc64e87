"""What becomes of a weight that a lambda captures: example 1 of the article in the one form of it that builds.

A Sequential refuses a bare lambda and takes it in a Lambda layer: Keras 3 (3.15) without a word, tf_keras (2.21) with a
warning in the log.  B batch.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.frontend import keras, tensor_variable
from pipeline.records import Stage

MOVED = 1.0  # what the captured weights are moved by before they are saved


def run_captured(told: Callable[[Exception], str]) -> tuple[tuple[Stage, ...], int]:
    """Every stage, those after one that failed too, and the model's parameters.  `told` tells an exception in a line.

    `track` works where the model lists the captured weights, `train` where `fit` moves them, `restore` where a weights
    file brings them back.
    """
    model, dense = _build()
    stages = [Stage("build", True, ""), _track(model, dense), Stage("fit", True, ""), _train(model, dense)]
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder, "example.keras"))
        stages += [Stage("save", True, ""), _load(Path(folder, "example.keras"), told)]
        stages += [_restore(model, dense, Path(folder, "example.weights.h5"))]
    return tuple(stages), model.count_params()


def _build() -> tuple[Any, Any]:
    """The model, and the Dense that its Lambda layer captures."""
    dense = keras.layers.Dense(64, kernel_initializer=keras.initializers.GlorotUniform(seed=0), name="captured")
    dense.build((None, 784))
    head = keras.layers.Dense(10, "softmax", kernel_initializer=keras.initializers.GlorotUniform(seed=1))
    return keras.Sequential([keras.Input((784,)), keras.layers.Lambda(lambda x: tf.nn.relu(dense(x))), head]), dense


def _track(model: Any, dense: Any) -> Stage:
    listed = {id(tensor_variable(variable)) for variable in model.variables}
    missing = [variable for variable in dense.weights if id(tensor_variable(variable)) not in listed]
    numbers = sum(int(np.prod(variable.shape)) for variable in missing)
    detail = f"the model uses {len(missing)} weights ({numbers:,} numbers) that it does not list"
    return Stage("track", not missing, detail if missing else "")


def _train(model: Any, dense: Any) -> Stage:
    random = np.random.default_rng(0)
    inputs_BF, targets_B = random.normal(size=(32, 784)).astype("float32"), random.integers(0, 10, 32)
    with tf.GradientTape() as tape:
        losses_B = keras.losses.sparse_categorical_crossentropy(targets_B, model(tf.constant(inputs_BF)))
    slope = float(np.abs(tape.gradient(losses_B, tensor_variable(dense.kernel))).max())
    before, head_before = (np.array(layer.kernel) for layer in (dense, model.layers[-1]))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(inputs_BF, targets_B, batch_size=16, verbose=0)
    steps = [_gap(layer.kernel, old) for layer, old in ((dense, before), (model.layers[-1], head_before))]
    detail = (
        f"fit moved the captured kernel by {steps[0]:.2g} and the head's by {steps[1]:.2g}, "
        f"though the loss has a gradient of up to {slope:.2g} at the captured one"
    )
    return Stage("train", steps[0] > 0, "" if steps[0] > 0 else detail)


def _load(file: Path, told: Callable[[Exception], str]) -> Stage:
    try:
        keras.models.load_model(file, safe_mode=True)
    except Exception as problem:  # whatever loading raises is the finding
        return Stage("load", False, told(problem))
    return Stage("load", True, "")


def _restore(model: Any, dense: Any, file: Path) -> Stage:
    """The captured weights are moved, saved, and looked for in a model built anew that loads the file."""
    for variable in dense.weights:
        variable.assign(np.array(variable) + MOVED)
    model.save_weights(file)
    again, other = _build()
    again.load_weights(file)
    off = max(_gap(new, np.array(old)) for new, old in zip(other.weights, dense.weights, strict=True))
    detail = f"the captured weights were moved by {MOVED:g} and saved; loaded again they are off by {off:.2g}"
    return Stage("restore", off == 0, "" if off == 0 else detail)


def _gap(variable: Any, value: np.ndarray[Any, Any]) -> float:
    return float(np.abs(np.array(variable) - value).max())
