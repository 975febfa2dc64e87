"""Copies of an arm: saved and loaded, from its config, cloned, from a weights file, exported.  Values are compared."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.certify.evaluation import evaluator
from pipeline.certify.fresh import fresh, twin
from pipeline.certify.lifecycle.observe import Life, Observation, changed
from pipeline.certify.subject import Subject, call
from pipeline.certify.values.errors import gap
from pipeline.certify.weights import is_float, read, write
from pipeline.frontend import IS_KERAS_3, keras


def as_model(subject: Subject) -> Subject:
    """The arm as something that can be saved: itself where it is a Model, else a Model of this one layer."""
    if isinstance(subject.model, keras.Model):
        return subject
    inputs = [keras.Input(spec.shape, dtype=spec.dtype) for spec in subject.inputs]
    outputs = subject.model(*inputs) if subject.positional_inputs else subject.model(_single(inputs))
    return replace(subject, model=keras.Model(_single(inputs), outputs), positional_inputs=False, takes_training=True)


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def save_and_load(life: Life) -> Observation:
    """`.keras` in safe mode, loaded in this process."""
    whole = as_model(life.subject)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "arm.keras")
        whole.model.save(path)
        return _compared(life, whole, lambda: keras.models.load_model(path, safe_mode=True), carries_weights=True)


def weights_file(life: Life) -> Observation:
    """Weights saved, and loaded into a new arm of the same builder."""
    whole, other = as_model(life.subject), as_model(fresh(life.subject, life.builder))
    write(other, {role: np.zeros_like(value) for role, value in read(other).items() if is_float(value)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "arm.weights.h5")
        whole.model.save_weights(path)
        other.model.load_weights(path)
    return _same(life, whole, other)


def config_round_trip(life: Life) -> Observation:
    """`from_config(get_config())`, then the same weights."""
    model = life.subject.model
    return _compared(life, life.subject, lambda: type(model).from_config(model.get_config()), carries_weights=False)


def clone(life: Life) -> Observation:
    """`clone_model`, then the same weights."""
    whole = as_model(life.subject)
    return _compared(life, whole, lambda: keras.models.clone_model(whole.model), carries_weights=False)


def _compared(life: Life, original: Subject, copy: Callable[[], Any], *, carries_weights: bool) -> Observation:
    model = copy()
    tensors = [tf.convert_to_tensor(a, spec.dtype) for a, spec in zip(life.arrays, original.inputs, strict=True)]
    if not carries_weights:  # a copy from a config may not be built yet
        model(*tensors) if original.positional_inputs else model(_single(tensors))
    try:
        other = twin(original, model)
    except ValueError as problem:
        return Observation("wrong", f"other weights: {problem}")
    if not carries_weights:
        write(other, read(original))
    return _same(life, original, other)


def _same(life: Life, original: Subject, other: Subject) -> Observation:
    """Compares in inference mode and, where the arm repeats itself, in train mode with equal seed states."""
    modes = (False, True) if life.repeats else (False,)
    for mode in modes:
        if mode:
            write(other, {role: value for role, value in read(original).items() if value.dtype.kind in "iu"})
        results = [evaluator(subject, mode, "eager")(life.arrays) for subject in (original, other)]
        what = changed(results[0], results[1], life.limit)
        if what:
            return Observation("wrong", f"{what} in {'train' if mode else 'inference'} mode")
    if len(original.model.trainable_variables) != len(other.model.trainable_variables):
        return Observation("wrong", "another number of trainable weights")
    return Observation("works")


def export(life: Life) -> Observation:
    """A SavedModel, reloaded without the arm's code."""
    whole = as_model(life.subject)
    tensors = [tf.convert_to_tensor(a, spec.dtype) for a, spec in zip(life.arrays, whole.inputs, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        whole.model.export(folder, **({"verbose": False} if IS_KERAS_3 else {}))
        reloaded = tf.saved_model.load(folder)  # it owns the variables: kept while its function is used
        given = tf.nest.flatten(reloaded.serve(*_as_exported(reloaded.serve, tensors)))
    expected = tf.nest.flatten(call(whole, tensors, training=False))
    if gap([e.numpy() for e in expected], [g.numpy() for g in given]).relative > life.limit:
        return Observation("wrong", "other outputs")
    return Observation("works")


def _as_exported(served: Any, tensors: list[tf.Tensor]) -> list[Any]:
    """One tensor, or several in the structure that the exported function takes: one list, or one by one."""
    if len(tensors) == 1 or not IS_KERAS_3:
        return [_single(tensors)]
    taken = served.concrete_functions[0].structured_input_signature[0]
    return list(tensors) if len(taken) == len(tensors) else [tensors]
