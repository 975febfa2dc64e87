"""Small, deterministic experiments on one arm or two, apart from the product's own levels: what truths rest on."""

import inspect
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.frontend import IS_KERAS_3, keras, set_dtype_policy
from pipeline.records import InputSpec
from pipeline.selftest.pair import Pair

ROWS = 6


def sample(inputs: Sequence[InputSpec], dtype: str = "float32", seed: int = 0) -> list[Any]:
    """ROWS rows per input: all low, all high, one value repeated, the rest uniform within the declared interval."""
    rng = np.random.default_rng(seed)
    return [tf.constant(_rows(spec, dtype, rng)) for spec in inputs]


def _rows(spec: InputSpec, dtype: str, rng: np.random.Generator) -> Any:
    shape = (ROWS, *spec.shape)
    if spec.dtype.startswith("int"):
        values = rng.integers(int(spec.low), int(spec.high) + 1, shape).astype(spec.dtype)
    else:
        values = rng.uniform(spec.low, spec.high, shape).astype(dtype)
    values[0], values[1] = spec.low, spec.high
    values[2] = values[2].flat[0]
    return values


def arguments(model: Any, tensors: list[Any]) -> tuple[Any, ...]:
    """What a model is called with: the tensor; of several, one list, or one by one where `call` names so many."""
    if len(tensors) == 1:
        return (tensors[0],)
    named = inspect.signature(model.call).parameters.values()
    required = [one for one in named if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    return tuple(tensors) if len(required) >= len(tensors) else (tensors,)


def built(builder: Any, tensors: list[Any]) -> Any:
    """A fresh arm, called once in inference mode so that it has its weights."""
    model = builder()
    call(model, tensors, False)
    return model


def call(model: Any, tensors: list[Any], training: bool) -> Any:
    """The model's output; `training` reaches only those that take it (a Keras layer's `__call__` sees to that)."""
    if IS_KERAS_3 or isinstance(model, keras.Model) or "training" in model._call_spec.arg_names:
        return model(*arguments(model, tensors), training=training)
    return model(*arguments(model, tensors))


def matched(pair: Pair, tensors: list[Any], seed: int = 1) -> tuple[Any, Any]:
    """Both arms with equal weights by role: N(0, .5), and .2 to 1.2 where training moves none (a variance)."""
    baseline, candidate = built(pair.baseline, tensors), built(pair.candidate, tensors)
    rng = np.random.default_rng(seed)
    for weight in baseline.weights:
        shape = tuple(weight.shape)
        weight.assign(rng.normal(0.0, 0.5, shape) if weight.trainable else rng.uniform(0.2, 1.2, shape))
    pair.weights(baseline, candidate)
    return baseline, candidate


def weights(model: Any) -> list[Any]:
    """Copies of the weights' values."""
    return [weight.numpy().copy() for weight in model.weights]


def gap(left: Any, right: Any) -> float:
    """The largest difference of two nests of tensors, relative to their scale; NaN equals NaN; inf if shapes differ."""
    left_parts, right_parts = tf.nest.flatten(left), tf.nest.flatten(right)
    if len(left_parts) != len(right_parts):
        return float("inf")
    return max((_gap(a, b) for a, b in zip(left_parts, right_parts, strict=True)), default=0.0)


def _gap(left: Any, right: Any) -> float:
    if left is None or right is None:
        return 0.0 if left is right else float("inf")
    a, b = (np.asarray(tf.cast(tf.convert_to_tensor(side), tf.float64)) for side in (left, right))
    if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
        return float("inf")
    a, b = np.nan_to_num(a), np.nan_to_num(b)
    scale = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0), 1e-12)
    return float(np.abs(a - b).max(initial=0.0) / scale)


def gradients(model: Any, tensors: list[Any], training: bool = False) -> list[Any]:
    """Dense gradients of a weighted sum of the float outputs, plus losses: by the weights, then by the float inputs.

    One per weight, in the order of `model.weights`; None where nothing flows or the weight is not trainable.
    """
    trainable = {id(weight) for weight in model.trainable_weights}
    watched = [tensor for tensor in tensors if tensor.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        outputs = [part for part in tf.nest.flatten(call(model, tensors, training)) if part.dtype.is_floating]
        loss = sum(tf.reduce_sum(part * _ramp(part)) for part in outputs) + sum(model.losses)
    if not outputs:
        return [None] * (len(model.weights) + len(watched))
    found = tape.gradient(loss, [_variable(weight) for weight in model.weights] + watched)
    dense = [None if gradient is None else tf.convert_to_tensor(gradient) for gradient in found]
    frozen = [id(weight) not in trainable for weight in model.weights] + [False] * len(watched)
    return [None if skip else gradient for skip, gradient in zip(frozen, dense, strict=True)]


def _ramp(part: Any) -> Any:
    return tf.cast(tf.reshape(tf.linspace(0.5, 1.5, tf.size(part)), tf.shape(part)), part.dtype)


def _variable(weight: Any) -> Any:
    return getattr(weight, "_value", weight)


def trained(model: Any, tensors: list[Any], optimizer: Any, steps: int = 3) -> list[Any]:
    """The weights after some steps on the same batch, in the order of `model.weights`."""
    watched = list(model.trainable_weights)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            outputs = [part for part in tf.nest.flatten(call(model, tensors, True)) if part.dtype.is_floating]
            loss = sum(tf.reduce_mean(part**2 * _ramp(part)) for part in outputs) + sum(model.losses)
        found = tape.gradient(loss, [_variable(weight) for weight in watched]) if watched else []
        steps_for = [
            (gradient, weight) for gradient, weight in zip(found, watched, strict=True) if gradient is not None
        ]
        if steps_for:
            optimizer.apply_gradients(steps_for)
    return weights(model)


def reloaded(model: Any, tensors: list[Any]) -> Any:
    """The arm as it comes back from a `.keras` file, inside a Functional model."""
    inputs = [keras.Input(tensor.shape[1:], dtype=tensor.dtype.name) for tensor in tensors]
    whole = keras.Model(inputs, model(*arguments(model, inputs)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "arm.keras"
        whole.save(path)
        return keras.models.load_model(path, safe_mode=True)


def under_policy(policy: str, builder: Any, tensors: list[Any]) -> Any:
    """A fresh arm's inference output under a dtype policy, which is put back to float32."""
    set_dtype_policy(policy)
    try:
        return call(builder(), tensors, False)
    finally:
        set_dtype_policy("float32")


def out_mask(model: Any, tensors: list[Any]) -> Any:
    """The mask on the output where the first input carries one that hides its last step; None where it is lost.

    Keras warns of a mask that is lost; here that is the finding.
    """
    mask = np.ones(tensors[0].shape[:2], bool)
    mask[:, -1] = False
    masked = tf.identity(tensors[0])
    masked._keras_mask = tf.constant(mask)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not support masking.*")
        return getattr(call(model, [masked, *tensors[1:]], False), "_keras_mask", None)
