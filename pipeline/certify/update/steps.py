"""Trains one arm for a few steps and tells what became of its weights.

The loss is <cotangent, outputs> + half the mean square of the outputs + the losses that the arm adds: it has no
optimum at the start, and its gradients change as the weights do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.certify.evaluation import densified, flat_outputs, scalar_loss
from pipeline.certify.pair import Pair
from pipeline.certify.stacks import combined, flat
from pipeline.certify.subject import Subject, call, tensor_specs, trainable_roles
from pipeline.certify.update.optimizers import make
from pipeline.certify.values.inputs import is_integer, random_fill
from pipeline.certify.weights import preserved, read
from pipeline.frontend import IS_KERAS_3, tensor_variable
from pipeline.records import InputSpec

Array = npt.NDArray[Any]
Gradients = Callable[..., list[Any]]
ROWS = 8


@dataclass(frozen=True)
class Trained:
    """One arm after training.  `largest_gradient` is each element's largest absolute gradient over the steps."""

    before: Mapping[str, Array]
    after: Mapping[str, Array]
    slots: tuple[Array, ...]
    largest_gradient: Mapping[str, Array]


def batches(pair: Pair, steps: int) -> list[list[Array]]:
    """One batch a step.  Half of the ids come from three values, so that every batch repeats ids."""
    rng = np.random.default_rng([pair.seed, 19])
    return [[_fill(spec, rng) for spec in pair.inputs] for _ in range(steps)]


def _fill(spec: InputSpec, rng: np.random.Generator) -> Array:
    values = random_fill(spec, rng, ROWS)
    if is_integer(spec):
        few = rng.integers(int(spec.low), int(spec.high), 3, endpoint=True)
        values = np.where(rng.random(values.shape) < 0.5, rng.choice(few, values.shape), values)
    return values.astype("float32" if spec.dtype == "bfloat16" else spec.dtype)


def gradient_function(subject: Subject, training: bool) -> Gradients:
    """Inputs to one gradient per trained variable: dense, IndexedSlices or None, as it comes.  Traced once."""
    weights = [tensor_variable(part) for part in flat(_trained(subject))]

    def gradients(*tensors: tf.Tensor) -> list[Any]:
        with tf.GradientTape() as tape:
            outputs = flat_outputs(call(subject, tensors, training))
            squares = [tf.reduce_mean(tf.square(_wide_enough(o))) / 2 for o in outputs if o.dtype.is_floating]
            target = scalar_loss(outputs, [*squares, *subject.model.losses])
        return list(tape.gradient(target, weights))

    function = tf.function(gradients, autograph=False)
    return function.get_concrete_function(*tensor_specs(subject, ROWS))  # type: ignore[no-any-return]


def _wide_enough(output: tf.Tensor) -> tf.Tensor:
    return output if output.dtype == tf.float64 else tf.cast(output, tf.float32)


def _trained(subject: Subject) -> list[Any]:
    """What plays the trainable roles."""
    owners = dict(zip(subject.roles, subject.variables, strict=True))
    return [owners[role] for role in trainable_roles(subject)]


def _by_role(subject: Subject, gradients: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(trainable_roles(subject), combined(_trained(subject), gradients), strict=True))


def gradient_types(subject: Subject, gradients: Gradients, arrays: Sequence[Array]) -> dict[str, str]:
    """Each trainable role's gradient: "dense", "IndexedSlices" or "none"."""
    with preserved(subject.model):
        found = gradients(*_tensors(subject, arrays))
    return {role: _type(gradient) for role, gradient in _by_role(subject, found).items()}


def first_gradients(subject: Subject, gradients: Gradients, arrays: Sequence[Array]) -> list[Array]:
    """Each trainable role's, dense, with the present weights; of a role without one, nothing."""
    with preserved(subject.model):
        found = _by_role(subject, gradients(*_tensors(subject, arrays)))
    values = read(subject)
    return [densified(gradient, values[role].shape).numpy() for role, gradient in found.items() if gradient is not None]


def _type(gradient: Any) -> str:
    if gradient is None:
        return "none"
    return "IndexedSlices" if isinstance(gradient, tf.IndexedSlices) else "dense"


def train(
    subject: Subject, gradients: Gradients, optimizer: str, data: Sequence[Sequence[Array]], *, dense: bool = False
) -> Trained:
    """Steps of one optimizer from the subject's present weights, which it has again afterwards.

    `dense`: it is given sparse gradients as dense ones, the slices of a repeated id summed.
    """
    roles, before = trainable_roles(subject), read(subject)
    variables, stepper = flat(_trained(subject)), make(optimizer)
    stepper.build(variables)
    largest = {role: np.zeros(before[role].shape) for role in roles}
    with preserved(subject.model):
        for arrays in data:
            found = gradients(*_tensors(subject, arrays))
            _remember(largest, _by_role(subject, found))
            given = [(each, variable) for each, variable in zip(found, variables, strict=True) if each is not None]
            _apply(stepper, [(densified(each, own.shape), own) for each, own in given] if dense else given)
        after = read(subject)
    return Trained(before, after, tuple(_slots(stepper)), largest)


def _tensors(subject: Subject, arrays: Sequence[Array]) -> list[tf.Tensor]:
    return [
        tf.cast(tf.convert_to_tensor(array), spec.dtype) for array, spec in zip(arrays, subject.inputs, strict=True)
    ]


def _remember(largest: dict[str, Array], found: Mapping[str, Any]) -> None:
    for role, gradient in found.items():
        if gradient is not None:
            size = np.abs(densified(gradient, largest[role].shape).numpy().astype(np.float64))
            largest[role] = np.maximum(largest[role], size)


def _apply(optimizer: Any, pairs: Sequence[tuple[Any, Any]]) -> None:
    if not pairs:
        return
    if IS_KERAS_3:
        optimizer.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
    else:
        optimizer.apply_gradients(pairs)


def _slots(optimizer: Any) -> Iterator[Array]:
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    for variable in variables:
        value = np.asarray(variable)
        if value.ndim and np.issubdtype(value.dtype, np.floating):
            yield value
