"""The three programs of an arm: a call, its vector-Jacobian product, a training step."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.certify.program.lowering import lower
from pipeline.certify.program.records import Program
from pipeline.certify.program.tracing import (
    Labelled,
    Traced,
    cotangent_arguments,
    gradients,
    input_arguments,
    trace,
    trace_forward,
    trace_vjp,
)
from pipeline.certify.subject import Subject, trainable_roles
from pipeline.certify.update.optimizers import make
from pipeline.frontend import tensor_variable


def forward(subject: Subject, batch: int, training: bool) -> Program:
    """Outputs, masks, losses and new state of one call.  Raises ProgramRefused."""
    return lower("forward", trace_forward(subject, batch, training), subject)


def vjp(subject: Subject, batch: int, training: bool) -> Program:
    """Gradients for symbolic cotangents: what any loss on the outputs would send back.  Raises ProgramRefused."""
    traced = trace_forward(subject, batch, training)
    return lower("vjp", trace_vjp(subject, batch, training, traced), subject)


def forward_and_vjp(subject: Subject, batch: int, training: bool) -> tuple[Program, Program]:
    """Both, for the price of one trace less.  Raises ProgramRefused."""
    traced = trace_forward(subject, batch, training)
    backward = trace_vjp(subject, batch, training, traced)
    return lower("forward", traced, subject), lower("vjp", backward, subject)


def train_step(subject: Subject, batch: int, optimizer_name: str) -> Program:
    """One update by one of the optimizers of level update, for symbolic cotangents; slots are state.

    Raises ProgramRefused.
    """
    by_role = dict(zip(subject.roles, subject.variables, strict=True))
    trained = [by_role[role] for role in trainable_roles(subject)]
    optimizer = make(optimizer_name)
    optimizer.build(trained)
    slots = tuple((str(k), tensor_variable(slot)) for k, slot in enumerate(_slots(optimizer)))
    traced = _trace_step(subject, trace_forward(subject, batch, True), batch, optimizer, trained)
    return lower(
        "train_step", Traced(traced.function, traced.arguments, traced.results, traced.structure, slots), subject
    )


def _slots(optimizer: Any) -> list[Any]:
    """The optimizer's own variables, in the order in which it made them for the trainable roles."""
    found = optimizer.variables
    slots = list(found() if callable(found) and not isinstance(found, Sequence) else found)
    rate = getattr(optimizer, "_learning_rate", None)  # tf_keras does not list it
    listed = {id(tensor_variable(slot)) for slot in slots}
    if isinstance(tensor_variable(rate), tf.Variable) and id(tensor_variable(rate)) not in listed:
        slots.append(rate)
    return slots


def _trace_step(subject: Subject, called: Traced, batch: int, optimizer: Any, trained: Sequence[Any]) -> Traced:
    count = len(subject.inputs)

    def body(*tensors: Any) -> tuple[Labelled, str]:
        found, missing = gradients(subject, tensors[:count], tensors[count:], True)
        optimizer.apply_gradients(_pairs(found, subject, trained))
        return [("step", tf.zeros(()))], missing

    return trace(body, [*input_arguments(subject, batch), *cotangent_arguments(called)], subject)


def _pairs(found: Labelled, subject: Subject, trained: Sequence[Any]) -> list[tuple[Any, Any]]:
    """(gradient, variable) for every trained weight that has a gradient; sparse ones put together again."""
    parts = dict(found)
    pairs: list[tuple[Any, Any]] = []
    for role, variable in zip(trainable_roles(subject), trained, strict=True):
        label = f"gradient {role}"
        if label in parts:
            pairs.append((parts[label], variable))
        elif f"{label} values" in parts:
            shape = tf.constant(tuple(variable.shape), tf.int64)
            slices = tf.IndexedSlices(parts[f"{label} values"], parts[f"{label} indices"], shape)
            pairs.append((slices, variable))
    return pairs
