"""What every arm ends in: an optional multilayer perceptron over the block's vectors and what went round the block."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.frontend import keras, variable_path
from pipeline.layers.family import seeds
from pipeline.layers.view import View
from pipeline.records import Dataset
from pipeline.training.intake import joined


def build(dataset: Dataset, seen: View, block: Any, hidden: Sequence[int], seed: int) -> Any:
    """A model [the block's vectors, parts beside ...] -> outputs (B, O): hidden relu layers, then a Dense.

    A rating's bias starts at the mean training rating: it is far from 0.
    """
    own, *others = seed, *seeds(seed, len(hidden) + 1)
    vectors_BD = keras.Input(block.output_shape[1:], dtype=block.outputs[0].dtype)
    beside = {
        name: keras.Input(values.shape[1:], dtype=str(values.dtype))
        for name, values in dataset.train.parts.items()
        if name in seen.beside
    }
    found = joined(vectors_BD, beside, dataset, others[0])
    for number, (units, each) in enumerate(zip(hidden, others[1:], strict=True)):
        glorot = keras.initializers.GlorotUniform(seed=each)
        found = keras.layers.Dense(units, activation="relu", kernel_initializer=glorot, name=f"hidden_{number}")(found)
    outputs_BO = keras.layers.Dense(
        dataset.outputs,
        kernel_initializer=keras.initializers.GlorotUniform(seed=own),
        bias_initializer=keras.initializers.Constant(_centre(dataset)),
        name="head",
    )(found)
    return keras.Model([vectors_BD, *beside.values()] if beside else vectors_BD, outputs_BO)


def roles(head: Any) -> dict[str, Any]:
    """Its weights by layer and own name: "head/kernel", "hidden_0/bias", ..."""
    return {"/".join(variable_path(variable).split("/")[-2:]).split(":")[0]: variable for variable in head.weights}


def _centre(dataset: Dataset) -> float:
    return float(np.asarray(dataset.train.targets, np.float64).mean()) if dataset.task == "rating" else 0.0
