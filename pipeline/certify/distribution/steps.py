"""Trains one arm for a few steps on the replicas of a strategy, and tells what became of its variables.

Each replica sees its own rows of the global batch.  Its loss is softplus(outputs), summed over its rows, over the
global batch, so that the sum over the replicas is one device's loss; the losses that the arm adds count one share a
replica, as in Keras' fit.  Gradients are dense: Keras 3 does not sum the slices of an id that two replicas met.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.certify.evaluation import densified, flat_outputs
from pipeline.certify.subject import Subject, call, tensor_specs, tensor_variables, trainable_roles
from pipeline.certify.update.optimizers import LEARNING_RATE
from pipeline.certify.update.steps import ROWS
from pipeline.certify.weights import preserved, read
from pipeline.frontend import keras

Array = npt.NDArray[Any]
Batch = Sequence[Array]
# With Adam's own 1e-7, rounding noise in a gradient of nothing else would become a whole step.
EPSILON = 1e-3

OPTIMIZERS: Mapping[str, Callable[[], Any]] = {
    "sgd": lambda: keras.optimizers.SGD(LEARNING_RATE),
    "adam": lambda: keras.optimizers.Adam(LEARNING_RATE, epsilon=EPSILON),
}


@dataclass(frozen=True)
class Trained:
    """One arm after training, by role.  `copies` are the replicas' own values, of variables that each replica holds
    for itself as they are; one that is put together when it is read has none.
    """

    before: Mapping[str, Array]
    after: Mapping[str, Array]
    copies: Mapping[str, tuple[Array, ...]]


def train(
    strategy: Any, subject: Subject, optimizer: str, data: Sequence[Batch], training: bool, scale: float
) -> Trained:
    """A step per global batch, from the subject's present variables, which it has again afterwards.

    The subject's model was built in the strategy's scope.  `scale` multiplies the loss.
    """
    owners = dict(zip(subject.roles, subject.variables, strict=True))
    weights = [owners[role] for role in trainable_roles(subject)]
    with strategy.scope():
        stepper = OPTIMIZERS[optimizer]()
        stepper.build(weights)
    share = ROWS // strategy.num_replicas_in_sync

    def step(*tensors: tf.Tensor) -> None:
        start = share * tf.distribute.get_replica_context().replica_id_in_sync_group
        rows = [_rows(tensor, start, share) for tensor in tensors]
        found = zip(_gradients(subject, rows, training, scale), weights, strict=True)
        pairs = [(gradient, weight) for gradient, weight in found if gradient is not None]
        if pairs:
            stepper.apply_gradients(pairs)

    over_all = tf.function(lambda *tensors: strategy.run(step, args=tensors), autograph=False)
    run = over_all.get_concrete_function(*tensor_specs(subject, ROWS))
    with preserved(subject.model):
        before = read(subject)
        for arrays in data:
            run(*_tensors(subject, arrays))
        return Trained(before, read(subject), _copies(strategy, subject))


def unit_scale(subject: Subject, arrays: Batch, training: bool) -> float:
    """What makes the largest gradient 1 on one device, whatever the range of the inputs: rounding is known then."""
    with preserved(subject.model):
        found = _gradients(subject, _tensors(subject, arrays), training, 1.0)
    sizes = [float(np.abs(each.numpy().astype(np.float64)).max(initial=0.0)) for each in found if each is not None]
    largest = max(sizes, default=0.0)
    return 1.0 / largest if 0.0 < largest < np.inf else 1.0


def _tensors(subject: Subject, arrays: Batch) -> list[tf.Tensor]:
    return [tf.convert_to_tensor(array, spec.dtype) for array, spec in zip(arrays, subject.inputs, strict=True)]


def _rows(tensor: tf.Tensor, start: Any, share: int) -> tf.Tensor:
    return tf.ensure_shape(tensor[start : start + share], (share, *tensor.shape[1:]))


def _gradients(subject: Subject, tensors: Sequence[tf.Tensor], training: bool, scale: float) -> list[Any]:
    variables = tensor_variables(subject)
    weights = [variables[role] for role in trainable_roles(subject)]
    with tf.GradientTape() as tape:
        outputs = flat_outputs(call(subject, tensors, training))
        losses = [tf.reduce_sum(tf.math.softplus(_wide(each))) / ROWS for each in outputs if each.dtype.is_floating]
        losses += [_wide(loss) * (int(tensors[0].shape[0]) / ROWS) for loss in subject.model.losses]
        target = scale * tf.add_n([tf.constant(0.0, tf.float64), *(tf.cast(loss, tf.float64) for loss in losses)])
    return [
        None if gradient is None else densified(gradient, weight.shape)
        for gradient, weight in zip(tape.gradient(target, weights), weights, strict=True)
    ]


def _wide(tensor: tf.Tensor) -> tf.Tensor:
    return tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32)


def _copies(strategy: Any, subject: Subject) -> dict[str, tuple[Array, ...]]:
    return {
        role: tuple(copy.numpy() for copy in strategy.experimental_local_results(variable))
        for role, variable in tensor_variables(subject).items()
        if variable.synchronization != tf.VariableSynchronization.ON_READ
    }
