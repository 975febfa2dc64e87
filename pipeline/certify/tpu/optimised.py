"""Is it the same compiled program?  The name of an optimised HLO module, computed from what it does and how.

Unlike the canonical form of level program, nothing is rewritten: fusions, layouts, memory spaces and the compiler's own
settings count.  What does not: names, numbering, source lines and the order in which independent instructions stand.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from tensorflow.compiler.xla.service import hlo_pb2

from pipeline.certify.program import Program, ProgramRefused
from pipeline.certify.program.draft import attributes


def program_name(serialized: bytes, program: Program) -> str:
    """Equal for two compiled programs that are the same, parameters and results taken by role.

    `program` is what was compiled.  Raises ProgramRefused where the compiler changed the parameters.
    """
    module = hlo_pb2.HloModuleProto.FromString(serialized)
    shapes = [tuple(shape.dimensions) for shape in module.host_program_shape.parameters]
    if shapes != [parameter.shape for parameter in program.parameters]:
        raise ProgramRefused("the compiled program has other parameters")
    computations = {item.id: item for item in module.computations}
    entry = computations[module.entry_computation_id]
    values = _values(entry, [parameter.token for parameter in program.parameters], computations, {})
    root = next(item for item in entry.instructions if item.id == entry.root_id)
    whole = root.opcode != "tuple" or len(root.operand_ids) != len(program.outputs)
    results = [values[root.id]] if whole else [values[number] for number in root.operand_ids]
    labelled = [(program.outputs, results)] if whole else sorted(zip(program.outputs, results, strict=True))
    return _digest(program.signature, program.structure, labelled)


def _values(
    computation: Any, parameters: list[str] | None, computations: Mapping[int, Any], known: dict[int, str]
) -> dict[int, str]:
    """The name of each instruction's value; instructions come operands first.  None: parameters by position."""
    values: dict[int, str] = {}
    for item in computation.instructions:
        number = item.parameter_number
        meaning = (parameters[number] if parameters else number) if item.opcode == "parameter" else _meaning(item)
        called = [_called(each, computations, known) for each in item.called_computation_ids]
        values[item.id] = _digest(item.opcode, _bytes(item.shape), meaning, called, _operands(item, values))
    return values


def _meaning(item: Any) -> tuple[bytes, bytes, tuple[int, ...]]:
    return attributes(item), _bytes(item.literal), tuple(item.dimensions)


def _operands(item: Any, values: Mapping[int, str]) -> list[str]:
    return [values[number] for number in item.operand_ids]


def _called(number: int, computations: Mapping[int, Any], known: dict[int, str]) -> str:
    if number not in known:
        computation = computations[number]
        known[number] = _values(computation, None, computations, known)[computation.root_id]
    return known[number]


def _bytes(message: Any) -> bytes:
    return bytes(message.SerializeToString(deterministic=True))


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
