"""A traced function as an XLA HLO module whose every parameter and result is accounted for, or a refusal."""

import hashlib
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.compiler.xla.service import hlo_pb2
from tensorflow.python.eager.polymorphic_function.compiler_ir import from_concrete_function

from pipeline.certify.program.literals import TUPLE
from pipeline.certify.program.opcodes import impure_opcodes
from pipeline.certify.program.records import NotCompiled, Parameter, Program, ProgramRefused
from pipeline.certify.program.tables import table_digests
from pipeline.certify.program.tracing import Traced, first_line
from pipeline.certify.subject import Subject, tensor_variables, trainable_roles

Kind = Literal["forward", "vjp", "train_step"]


def lower(kind: Kind, traced: Traced, subject: Subject) -> Program:
    """The HLO of a traced function.

    Raises ProgramRefused where XLA can't compile it, where it reads a variable that has no role, where it draws random
    numbers outside its state, calls the host, or has a parameter or result that can't be named.
    """
    parameters, constants = parameters_of(traced, subject)
    module = _module(traced)
    impure = impure_opcodes(module)
    if impure:
        raise ProgramRefused(f"the program is not a pure function of its arguments ({', '.join(impure)})")
    _check_parameters(module, parameters)
    outputs = _outputs(module, traced, parameters)
    return Program(kind, module, parameters, outputs, signature(kind, traced, subject), traced.structure, constants)


def _module(traced: Traced) -> Any:
    try:
        serialized = from_concrete_function(traced.function)(stage="hlo_serialized")
    except Exception as error:  # TensorFlow raises many kinds here, all of which mean: no HLO
        raise NotCompiled(f"XLA can't compile it: {first_line(error)}") from error
    module = hlo_pb2.HloModuleProto()
    module.ParseFromString(serialized)
    return module


def parameters_of(traced: Traced, subject: Subject) -> tuple[tuple[Parameter, ...], dict[int, npt.NDArray[np.generic]]]:
    """What each input of a graph function stands for: its arguments first, then its captures; and captured constants.

    Raises ProgramRefused for a captured variable or table that has no role.
    """
    weights = {id(variable.handle): ("weight", role, variable) for role, variable in tensor_variables(subject).items()}
    owned = {id(variable.handle): ("optimizer", name, variable) for name, variable in traced.extra}
    known: dict[int, Any] = {**owned, **weights}
    parameters = [
        _parameter(*_split(name), tensor)
        for name, tensor in zip(traced.arguments, traced.function.inputs, strict=False)
    ]
    constants: dict[int, npt.NDArray[np.generic]] = {}
    tables = table_digests(traced.function)
    for capture in traced.function.captured_inputs:
        if id(capture) in tables:
            parameters.append(Parameter("table", *tables[id(capture)], ()))
        elif capture.dtype == tf.resource:
            if id(capture) not in known:
                raise ProgramRefused(
                    "it reads a variable that has no role (a tf.Variable that the model does not track, say)"
                )
            kind, name, variable = known[id(capture)]
            parameters.append(_parameter(kind, name, variable))
        else:
            constants[len(parameters)] = capture.numpy()
            parameters.append(_parameter("constant", _digest(capture.numpy()), capture))
    return tuple(parameters), constants


def _split(argument: str) -> tuple[str, str]:
    kind, _, name = argument.partition(" ")
    return kind, name


def _parameter(kind: Any, name: str, tensor: Any) -> Parameter:
    return Parameter(kind, name, tensor.dtype.base_dtype.name, tuple(tensor.shape))


def _digest(value: npt.NDArray[np.generic]) -> str:
    header = f"{value.dtype.str}{value.shape}".encode()
    content = repr(value.tolist()).encode() if value.dtype == object else np.ascontiguousarray(value).tobytes()
    return hashlib.sha256(header + content).hexdigest()


def _check_parameters(module: Any, parameters: tuple[Parameter, ...]) -> None:
    """XLA folds some arguments away; then parameter k is not argument k and nothing can be named safely."""
    shapes = [tuple(shape.dimensions) for shape in module.host_program_shape.parameters]
    if shapes != [parameter.shape for parameter in parameters]:
        raise ProgramRefused("XLA folded an argument away, so its parameters can't be told apart by name")


def _outputs(module: Any, traced: Traced, parameters: tuple[Parameter, ...]) -> tuple[str, ...]:
    """The function's results come first; what follows are updated variables, named by the alias entries."""
    result = module.host_program_shape.result
    # A single result may stand without a tuple; a function without gradients has no result at all.
    count = len(result.tuple_shapes) if result.element_type == TUPLE else 1
    updates = {
        (list(entry.output_shape_index) or [0])[0]: parameters[entry.parameter_number]
        for entry in module.input_output_alias.entries
    }
    tail = range(len(traced.results), count)
    if count < len(traced.results) or set(updates) != set(tail):
        raise ProgramRefused("XLA's results do not match the function's results and variable updates")
    return traced.results + tuple(f"state {updates[k].kind} {updates[k].name}" for k in tail)


def signature(kind: str, traced: Traced, subject: Subject) -> str:
    """What the function is of: inputs, weights by role and which of them train, arguments."""
    trainable = set(trainable_roles(subject))
    weights = [
        (role, variable.dtype.base_dtype.name, tuple(variable.shape), role in trainable)
        for role, variable in tensor_variables(subject).items()
    ]
    inputs = [(spec.dtype, spec.shape) for spec in subject.inputs]
    return repr((kind, inputs, weights, traced.arguments))
