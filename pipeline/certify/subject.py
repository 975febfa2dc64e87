"""One arm under examination: a built model, and its variables named by role.

Contract.  The two subjects of a pair share one tuple of `roles`; `variables[k]` of either plays `roles[k]`.  Whoever
makes the subjects answers for that bijection and prints it: nothing here pairs weights by order.  `variables` holds
trainable and non-trainable ones, seed-generator states included; a variable that the model uses and that has no role
makes proofs refuse.  A model is always called through `__call__`, so that dtype policy, masks and input casts apply.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from pipeline.certify.stacks import parts
from pipeline.frontend import tensor_variable
from pipeline.records import InputSpec


@dataclass(frozen=True)
class Subject:
    """An arm, ready to be called.  `name` is "baseline" or "candidate"; `inputs` have no batch dimension.

    Several inputs are passed as one list, or one by one where `positional_inputs` is set (`call(self, query, key)`).
    """

    name: str
    model: Any  # a built keras.Layer or keras.Model
    inputs: tuple[InputSpec, ...]
    roles: tuple[str, ...]
    variables: tuple[Any, ...]
    takes_training: bool
    positional_inputs: bool = False

    def __post_init__(self) -> None:
        if len(self.roles) != len(self.variables) or len(set(self.roles)) != len(self.roles):
            raise ValueError(f"{self.name}: {len(self.variables)} variables need as many distinct roles: {self.roles}")


def call(subject: Subject, tensors: Sequence[Any], training: bool) -> Any:
    """What the model gives for one tensor per input.  `training` is passed on only where the model takes it."""
    keywords = {"training": training} if subject.takes_training else {}
    if subject.positional_inputs:
        return subject.model(*tensors, **keywords)
    return subject.model(tensors[0] if len(tensors) == 1 else list(tensors), **keywords)


def tensor_variables(subject: Subject) -> dict[str, tf.Variable]:
    """The tf.Variable behind each role; of a stack, the stack."""
    return {role: tensor_variable(variable) for role, variable in zip(subject.roles, subject.variables, strict=True)}


def trainable_roles(subject: Subject) -> tuple[str, ...]:
    """The roles that training moves, in role order: those that the model itself lists as trainable."""
    trainable = {id(tensor_variable(variable)) for variable in subject.model.trainable_variables}
    return tuple(
        role
        for role, variable in tensor_variables(subject).items()
        if all(id(tensor_variable(part)) in trainable for part in parts(variable))
    )


def tensor_specs(subject: Subject, batch: int | None) -> tuple[tf.TensorSpec, ...]:
    """The signature of the inputs for one batch size; None leaves it open."""
    return tuple(tf.TensorSpec((batch, *spec.shape), spec.dtype) for spec in subject.inputs)
