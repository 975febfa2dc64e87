"""The pairs whose programs are mutated: each idea written by hand and wired from stock layers."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.certify.subject import Subject
from pipeline.frontend import keras
from pipeline.records import InputSpec

KL = keras.layers
VECTORS = InputSpec((6,))
ROWS = InputSpec((6, 6))
IDS = InputSpec((4,), "int32", 0, 19)


class Written(keras.layers.Layer):
    """Weights by name and shape, and a body."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], body: Callable[..., Any]) -> None:
        super().__init__()
        self.shapes, self.body, self.parts = shapes, body, {}

    def build(self, _input_shape: Any) -> None:
        for name, shape in self.shapes.items():
            self.parts[name] = self.add_weight(name=name, shape=shape, initializer="glorot_uniform")
        self.built = True

    def call(self, x: Any) -> Any:
        return self.body(self.parts, x)


def _subject(model: Any, spec: InputSpec) -> Subject:
    model(np.zeros((3, *spec.shape), spec.dtype))
    roles = tuple(f"w{k}" for k in range(len(model.weights)))
    return Subject("baseline", model, (spec,), roles, tuple(model.weights), isinstance(model, keras.Model))


def _class(spec: InputSpec, shapes: Mapping[str, tuple[int, ...]], body: Callable[..., Any]) -> Callable[[], Subject]:
    return lambda: _subject(Written(shapes, body), spec)


def _functional(spec: InputSpec, wire: Callable[[Any], Any]) -> Callable[[], Subject]:
    def make() -> Subject:
        inputs = keras.Input(spec.shape, dtype=spec.dtype)
        return _subject(keras.Model(inputs, wire(inputs)), spec)

    return make


def _normalised(weights: Mapping[str, Any], x: Any) -> Any:
    mean, variance = tf.nn.moments(x, [-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-3) * weights["gamma"] + weights["beta"]


def _masked_mean(weights: Mapping[str, Any], ids: Any) -> Any:
    keep = tf.cast(ids != 0, "float32")[..., None]
    return tf.reduce_sum(tf.gather(weights["table"], ids) * keep, 1) / (tf.reduce_sum(keep, 1) + 1.0)


def _attention(weights: Mapping[str, Any], x: Any) -> Any:
    scores = tf.matmul(x @ weights["query"], x @ weights["key"], transpose_b=True)
    return tf.nn.softmax(scores) @ x


def _periodic(weights: Mapping[str, Any], x: Any) -> Any:
    angles = 2 * np.pi * x[..., None] * weights["frequency"]
    return tf.concat([tf.sin(angles), tf.cos(angles)], -1)


def _pooled(ids: Any) -> Any:
    return KL.GlobalAveragePooling1D()(KL.Embedding(20, 6)(ids))


def _two_tables(ids: Any) -> Any:
    return KL.Multiply()([KL.Embedding(5, 6)(ids // 4), KL.Embedding(4, 6)(ids % 4)])


_DENSE = {"kernel": (6, 6), "bias": (6,)}
_NORM = {"gamma": (6,), "beta": (6,)}
_TABLE = {"table": (20, 6)}
_TWO = {"quotient": (5, 6), "remainder": (4, 6)}
_QK = {"query": (6, 6), "key": (6, 6)}

ARMS: Mapping[str, Callable[[], Subject]] = {
    "dense class": _class(VECTORS, _DENSE, lambda w, x: tf.nn.relu(x @ w["kernel"] + w["bias"])),
    "dense functional": _functional(VECTORS, KL.Dense(6, activation="relu")),
    "rows class": _class(ROWS, _DENSE, lambda w, x: tf.einsum("btd,du->btu", x, w["kernel"]) + w["bias"]),
    "rows functional": _functional(ROWS, KL.Dense(6)),
    "norm class": _class(ROWS, _NORM, _normalised),
    "norm functional": _functional(ROWS, KL.LayerNormalization()),
    "batch norm class": _class(VECTORS, _NORM, lambda w, x: (x - tf.reduce_mean(x, 0)) * w["gamma"] + w["beta"]),
    "batch norm functional": _functional(VECTORS, KL.BatchNormalization()),
    "bag class": _class(IDS, _TABLE, lambda w, ids: tf.reduce_mean(tf.gather(w["table"], ids), 1)),
    "bag functional": _functional(IDS, _pooled),
    "masked class": _class(IDS, _TABLE, _masked_mean),
    "masked functional": _functional(IDS, lambda ids: KL.GlobalMaxPooling1D()(KL.Embedding(20, 6)(ids))),
    "two tables class": _class(
        IDS, _TWO, lambda w, ids: tf.gather(w["quotient"], ids // 4) * tf.gather(w["remainder"], ids % 4)
    ),
    "two tables functional": _functional(IDS, _two_tables),
    "attention class": _class(ROWS, _QK, _attention),
    "attention functional": _functional(ROWS, lambda x: KL.Attention(use_scale=True)([x, x])),
    "periodic class": _class(VECTORS, {"frequency": (6, 3)}, _periodic),
    "periodic functional": _functional(VECTORS, lambda x: KL.Concatenate()([keras.ops.sin(x), keras.ops.cos(x)])),
    "convolution class": _class(
        ROWS, {"kernel": (2, 6, 6)}, lambda w, x: x[:, 1:] @ w["kernel"][1] + x[:, :-1] @ w["kernel"][0]
    ),
    "convolution functional": _functional(ROWS, KL.Conv1D(6, 2, activation="tanh")),
    "cross class": _class(VECTORS, _DENSE, lambda w, x: x * (x @ w["kernel"] + w["bias"]) + x),
    "cross functional": _functional(VECTORS, lambda x: KL.Add()([x, KL.Multiply()([x, KL.Dense(6)(x)])])),
}
