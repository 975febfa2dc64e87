"""The same arm once more: built anew, under another dtype policy if asked, with the weights of the one at hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pipeline.certify.builders import build
from pipeline.certify.subject import Subject
from pipeline.certify.weights import read, write
from pipeline.frontend import IS_KERAS_3, keras, set_dtype_policy, tensor_variable
from pipeline.layers.family import Stack
from pipeline.records import InputSpec


def twin(subject: Subject, model: Any) -> Subject:
    """The subject around another copy of its model.  Raises ValueError where the copy has other variables.

    Two copies of one arm list their variables in one order, which two different arms need not.
    """
    originals = [tensor_variable(variable) for variable in subject.model.variables]
    copies = list(model.variables)
    shapes = [tuple(variable.shape) for variable in originals]
    if shapes != [tuple(variable.shape) for variable in copies]:
        raise ValueError(f"the copy has {len(copies)} variables, the original {len(originals)}, or other shapes")
    position = {id(variable): index for index, variable in enumerate(originals)}

    def copied(variable: Any) -> Any:
        if isinstance(variable, Stack):
            return Stack(tuple(map(copied, variable.parts)))
        return copies[position[id(tensor_variable(variable))]]

    return replace(subject, model=model, variables=tuple(map(copied, subject.variables)))


def fresh(subject: Subject, builder: Callable[[], Any], inputs: tuple[InputSpec, ...] | None = None) -> Subject:
    """A newly built copy of the arm with the same weights.  Raises BuilderError or ValueError."""
    inputs = subject.inputs if inputs is None else inputs
    copy = replace(twin(subject, build(subject.name, builder, inputs)), inputs=inputs)
    write(copy, read(subject))
    return copy


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Layers built inside have this policy; "float64" moves the default float as well."""
    policy = keras.config.dtype_policy() if IS_KERAS_3 else keras.mixed_precision.global_policy()
    floatx = keras.backend.floatx()
    if name == "float64":
        keras.backend.set_floatx("float64")
    set_dtype_policy(name)
    try:
        yield
    finally:
        keras.backend.set_floatx(floatx)
        set_dtype_policy(policy.name)
