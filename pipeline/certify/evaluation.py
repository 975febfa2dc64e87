"""What an arm gives for one batch: outputs, losses, gradients, and its state after the call.

B batch.  The loss behind the gradients is <cotangent, outputs> + losses, with a fixed cotangent that depends on nothing
but the shape of each output, so that both arms get the same.  Evaluating leaves the arm's state as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy.typing as npt
import tensorflow as tf

from pipeline.certify.stacks import combined, flat
from pipeline.certify.subject import Subject, call, tensor_variables, trainable_roles
from pipeline.frontend import tensor_variable

Array = npt.NDArray[Any]
How = Literal["eager", "graph", "xla"]
# What user code, Keras and TensorFlow raise at inputs that they can't take.
RAISED_BY_ARMS = (tf.errors.OpError, ValueError, TypeError, LookupError, RuntimeError, ArithmeticError)
# A chirp, i (i A + B) modulo 2^32, scaled to -1..1: without pattern, cheap, and the same bits eagerly and under XLA.
CHIRP_A, CHIRP_B = 2_654_435_761, 2_246_822_519


@dataclass(frozen=True)
class Evaluation:
    """Arrays in a fixed order: outputs flattened, losses summed, gradients of float inputs and of trainable roles."""

    outputs: tuple[Array, ...]
    losses: tuple[Array, ...]
    input_gradients: tuple[Array, ...]
    weight_gradients: tuple[Array, ...]
    state: tuple[Array, ...]


Evaluate = Callable[[Sequence[Array]], Evaluation]


def evaluator(subject: Subject, training: bool, how: How, batch: int | None = None) -> Evaluate:
    """Evaluates the subject, with the weights it has at that moment.  Traced once, for one batch size or for any.

    `batch` None leaves the batch size open; eager evaluation sees each batch's own size whatever it is.
    """
    step = _step(subject, training)
    if how == "eager":
        return lambda arrays: _evaluation(step(*_tensors(subject, arrays)))
    specs = [tf.TensorSpec((batch, *spec.shape), spec.dtype) for spec in subject.inputs]
    function = tf.function(step, autograph=False, jit_compile=how == "xla").get_concrete_function(*specs)
    return lambda arrays: _evaluation(function(*_tensors(subject, arrays)))


def _tensors(subject: Subject, arrays: Sequence[Array]) -> list[tf.Tensor]:
    return [tf.convert_to_tensor(array, spec.dtype) for array, spec in zip(arrays, subject.inputs, strict=True)]


def _evaluation(groups: Sequence[Sequence[tf.Tensor]]) -> Evaluation:
    return Evaluation(*(tuple(tensor.numpy() for tensor in group) for group in groups))


def _step(subject: Subject, training: bool) -> Callable[..., tuple[tuple[tf.Tensor, ...], ...]]:
    variables, trainable = tensor_variables(subject), trainable_roles(subject)
    weights = [variables[role] for role in trainable]
    state = [variable for role, variable in variables.items() if role not in set(trainable)]
    touched = [tensor_variable(variable) for variable in subject.model.non_trainable_variables]

    def step(*tensors: tf.Tensor) -> tuple[tuple[tf.Tensor, ...], ...]:
        before = [tf.identity(variable) for variable in touched]
        differentiable = [tensor for tensor in tensors if tensor.dtype.is_floating]
        with tf.GradientTape() as tape:
            tape.watch(differentiable)
            outputs = flat_outputs(call(subject, tensors, training))
            losses = [tf.cast(loss, tf.float32) for loss in subject.model.losses]
            target = scalar_loss(outputs, losses)
        sources = [*differentiable, *(tensor_variable(part) for part in flat(weights))]
        gradients = tape.gradient(target, sources, unconnected_gradients="zero")
        dense = [densified(gradient, tf.shape(source)) for gradient, source in zip(gradients, sources, strict=True)]
        total = tf.add_n(losses) if losses else tf.constant(0.0)
        after = [tf.identity(variable) for variable in state]
        for variable, value in zip(touched, before, strict=True):
            variable.assign(value)
        split = len(differentiable)
        return tuple(outputs), (total,), tuple(dense[:split]), tuple(combined(weights, dense[split:])), tuple(after)

    return step


def flat_outputs(structure: Any) -> list[tf.Tensor]:
    """The tensors of an output structure, in nest order (dicts by sorted key)."""
    return [tf.convert_to_tensor(tensor) for tensor in tf.nest.flatten(structure)]


def scalar_loss(outputs: Sequence[tf.Tensor], losses: Sequence[tf.Tensor]) -> tf.Tensor:
    """<cotangent, outputs> over the float outputs, plus the losses that the arm adds itself."""
    products = [tf.cast(loss, tf.float32) for loss in losses]
    for index, output in enumerate(outputs):
        if output.dtype.is_floating:
            wide = tf.cast(output, tf.float64 if output.dtype == tf.float64 else tf.float32)
            products.append(tf.reduce_sum(wide * tf.cast(_cotangent(tf.shape(output), index), wide.dtype)))
    if not products:
        return tf.constant(0.0)
    widest = tf.float64 if any(product.dtype == tf.float64 for product in products) else tf.float32
    return tf.add_n([tf.cast(product, widest) for product in products])


def _cotangent(shape: tf.Tensor, index: int) -> tf.Tensor:
    counts = tf.cast(tf.range(tf.reduce_prod(shape)), tf.uint32) + tf.constant(7919 * index + 1, tf.uint32)
    phases = counts * (counts * tf.constant(CHIRP_A, tf.uint32) + tf.constant(CHIRP_B, tf.uint32))
    high = tf.cast(phases // tf.constant(2**8, tf.uint32), tf.float32)  # 24 bits: exact in float32
    return tf.reshape(high / 2.0**23 - 1.0, shape)


def densified(gradient: Any, shape: tf.Tensor) -> tf.Tensor:
    """A gradient as a dense tensor of that shape, repeated ids summed."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    return tf.scatter_nd(gradient.indices[:, tf.newaxis], gradient.values, tf.cast(shape, gradient.indices.dtype))
