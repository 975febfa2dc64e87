"""One call of an arm, its vector-Jacobian product or its training step, as a TensorFlow graph function.

Everything the function reads is an argument or a captured variable; its results are labelled.  A gradient that is
IndexedSlices stays so (values and indices apart): optimizers treat the two kinds differently.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.certify.program import purity
from pipeline.certify.program.records import ProgramRefused
from pipeline.certify.subject import Subject, call, tensor_specs, tensor_variables, trainable_roles

Labelled = list[tuple[str, Any]]
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Traced:
    """A graph function with the names of its arguments and results.  `structure` tells how the results nest."""

    function: Any  # a ConcreteFunction
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    structure: str
    extra: tuple[tuple[str, tf.Variable], ...] = ()  # variables that belong to no role of the subject


def trace(
    body: Callable[..., tuple[Labelled, str]], arguments: Sequence[tuple[str, tf.TensorSpec]], subject: Subject
) -> Traced:
    """Traces `body` once with no change of Python state left behind; a second attempt lets lazy set-up happen.

    Raises ProgramRefused where the arm can't be traced or where every trace changes Python state.
    """
    moved: tuple[str, ...] = ()
    for _ in range(2):
        before = purity.snapshot(subject.model)
        try:
            traced = _trace_once(body, arguments)
        finally:
            _forget_losses(subject)  # they are tensors of the graph just traced
        moved = purity.changed(before, purity.snapshot(subject.model))
        if not moved:
            return traced
    raise ProgramRefused(f"{subject.name} changes Python state with each call ({', '.join(moved[:3])})")


def _trace_once(body: Callable[..., tuple[Labelled, str]], arguments: Sequence[tuple[str, tf.TensorSpec]]) -> Traced:
    names: list[str] = []
    structures: list[str] = []

    def labelled(*tensors: Any) -> list[Any]:
        results, structure = body(*tensors)
        names.extend(name for name, _ in results)
        structures.append(structure)
        return [value for _, value in results]

    function = tf.function(labelled, jit_compile=True, autograph=False)
    try:
        concrete = function.get_concrete_function(*(spec for _, spec in arguments))
    except ProgramRefused:
        raise
    except Exception as error:  # the arm's own code runs here and may raise anything
        raise ProgramRefused(f"tracing failed: {type(error).__name__}: {first_line(error)}") from error
    return Traced(concrete, tuple(name for name, _ in arguments), tuple(names), structures[-1])


def first_line(error: Exception) -> str:
    """The first line of an error's text that says something, 200 characters at the most; Keras puts one before it."""
    lines = [_COLOUR.sub("", line).strip() for line in str(error).splitlines()]
    telling = [line for line in lines if line and not line.startswith("Exception encountered when calling")]
    return (telling or ["no message"])[0][:200]


def trace_forward(subject: Subject, batch: int | None, training: bool) -> Traced:
    """Outputs, masks and losses of one call; new state shows as updates of captured variables."""

    def body(*inputs: Any) -> tuple[Labelled, str]:
        outputs, losses, structure = run(subject, inputs, training)
        masks = [(f"mask {k}", getattr(value, "_keras_mask", None)) for k, (_, value) in enumerate(outputs)]
        return outputs + [(name, mask) for name, mask in masks if mask is not None] + losses, structure

    return trace(body, input_arguments(subject, batch), subject)


def trace_vjp(subject: Subject, batch: int, training: bool, forward: Traced) -> Traced:
    """Gradients towards trainable weights and floating inputs, for one symbolic cotangent per floating result."""

    def body(*tensors: Any) -> tuple[Labelled, str]:
        inputs, cotangents = tensors[: len(subject.inputs)], tensors[len(subject.inputs) :]
        results, missing = gradients(subject, inputs, cotangents, training)
        return results, missing

    return trace(body, [*input_arguments(subject, batch), *cotangent_arguments(forward)], subject)


def input_arguments(subject: Subject, batch: int | None) -> list[tuple[str, tf.TensorSpec]]:
    """The inputs of an arm as arguments."""
    return [(f"input {k}", spec) for k, spec in enumerate(tensor_specs(subject, batch))]


def cotangent_arguments(forward: Traced) -> list[tuple[str, tf.TensorSpec]]:
    """One argument for each floating output and loss of a traced call."""
    results = zip(forward.results, forward.function.structured_outputs, strict=True)
    kept = [(name, tensor) for name, tensor in results if not name.startswith("mask") and tensor.dtype.is_floating]
    return [(f"cotangent {name}", tf.TensorSpec(tensor.shape, tensor.dtype)) for name, tensor in kept]


def run(subject: Subject, inputs: Sequence[Any], training: bool) -> tuple[Labelled, Labelled, str]:
    """One call: labelled outputs, labelled losses, and how the outputs nest."""
    _forget_losses(subject)
    result = call(subject, inputs, training)
    leaves = tf.nest.flatten(result)
    if not all(tf.is_tensor(leaf) and isinstance(leaf, tf.Tensor) for leaf in leaves):
        raise ProgramRefused("an output is not a plain tensor")
    outputs = [(f"output {k}", leaf) for k, leaf in enumerate(leaves)]
    losses = [(f"loss {k}", tf.convert_to_tensor(loss)) for k, loss in enumerate(subject.model.losses)]
    return outputs, losses, repr(tf.nest.map_structure(lambda _: 0, result))


def _forget_losses(subject: Subject) -> None:
    if hasattr(subject.model, "_clear_losses"):
        subject.model._clear_losses()


def gradients(
    subject: Subject, inputs: Sequence[Any], cotangents: Sequence[Any], training: bool
) -> tuple[Labelled, str]:
    """Labelled gradients, and a note of which are missing or sparse."""
    variables = tensor_variables(subject)
    wanted: Labelled = [(f"gradient {role}", variables[role]) for role in trainable_roles(subject)]
    wanted += [(f"gradient input {k}", tensor) for k, tensor in enumerate(inputs) if tensor.dtype.is_floating]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for _, source in wanted:
            tape.watch(source)
        outputs, losses, _ = run(subject, inputs, training)
        targets = [value for _, value in outputs + losses if value.dtype.is_floating]
    found = tape.gradient(targets, [source for _, source in wanted], output_gradients=list(cotangents))
    labelled = [(name, value) for (name, _), value in zip(wanted, found, strict=True)]
    kinds = {name: _gradient_kind(value) for name, value in labelled}
    return [part for name, value in labelled for part in _parts(name, value)], repr(kinds)


def _gradient_kind(value: Any) -> str:
    if value is None:
        return "none"
    return "sparse" if isinstance(value, tf.IndexedSlices) else "dense"


def _parts(name: str, value: Any) -> Labelled:
    if value is None:
        return []
    if isinstance(value, tf.IndexedSlices):
        return [(f"{name} values", value.values), (f"{name} indices", value.indices)]
    return [(name, value)]
