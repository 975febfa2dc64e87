"""Why an arm does not train on replicas as on one device, as far as its own parts and behaviour tell."""

from collections.abc import Iterator, Sequence

import tensorflow as tf

from pipeline.certify.evaluation import Array, evaluator
from pipeline.certify.subject import Subject, tensor_variables, trainable_roles
from pipeline.certify.values.errors import gap
from pipeline.frontend import keras

OWN_COPY = "its aggregation is none, so every replica keeps its own"
OWN_ROWS = "BatchNormalization takes each replica's own rows unless synchronized=True"
ADDED_LOSSES = "the losses that the arm adds count one share a replica, as in Keras' fit"
MIXED_ROWS = "what a row gives depends on the other rows of its batch, and a replica has only its own"
# Far above rounding: what a row gives is the same in another batch, or it is not.
MIXED = 1e-2


def causes(copy: Subject, role: str, original: Subject, arrays: Sequence[Array], training: bool) -> str:
    """What parts that variable of the copy on the replicas, "" where nothing is known.

    `original` is the arm on one device, `arrays` a batch for it.
    """
    known = ", and ".join(_in_parts(copy, role, training))
    return known or (MIXED_ROWS if _mixes_rows(original, arrays, training) else "")


def _in_parts(subject: Subject, role: str, training: bool) -> Iterator[str]:
    variable = tensor_variables(subject)[role]
    if role not in trainable_roles(subject) and variable.aggregation == tf.VariableAggregation.NONE:
        yield OWN_COPY
    if training and any(map(_takes_own_rows, subject.model._flatten_layers())):
        yield OWN_ROWS
    if subject.model.losses:
        yield ADDED_LOSSES


def _takes_own_rows(layer: object) -> bool:
    return isinstance(layer, keras.layers.BatchNormalization) and not getattr(layer, "synchronized", False)


def _mixes_rows(subject: Subject, arrays: Sequence[Array], training: bool) -> bool:
    run, half = evaluator(subject, training, "eager"), len(arrays[0]) // 2
    whole = [output[:half] for output in run(arrays).outputs]
    return gap(whole, run([array[:half] for array in arrays]).outputs).relative > MIXED
