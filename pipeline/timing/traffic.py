"""Bytes that a compiled program's kernels read and write, caches left out of account.

A kernel (an instruction outside fusions) reads its operands and writes its result.  What takes rows out of an array,
or puts rows into one in place, touches these rows only: a lookup does not read its whole table.
"""

from typing import Any

from pipeline.timing.hlo import Hlo, operands, size, trips

FREE = frozenset({"parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all", "iota"})
TAKERS = frozenset({"gather", "dynamic-slice", "slice"})
# Where in its operands a kernel that works in place has the array, and what it puts into it.
PUTTERS = {"dynamic-update-slice": (0, 1), "scatter": (0, 2)}


def bytes_accessed(hlo: Hlo, computation: Any = None) -> int:
    """Of the program, or of one of its computations.  Raises UncountedError."""
    computation = computation if computation is not None else hlo.entry
    return sum(_instruction(hlo, computation, each) for each in computation.instructions)


def _instruction(hlo: Hlo, computation: Any, instruction: Any) -> int:
    name = instruction.opcode
    if name in FREE:
        return 0
    if name == "fusion":
        return _fusion(hlo.called(instruction)[0])
    inside = [bytes_accessed(hlo, each) for each in hlo.called(instruction)] if name in _CALLERS else []
    if name == "while":
        return sum(inside) * trips(instruction)
    if name in ("call", "conditional"):
        return max(inside, default=0)
    return sum(_read(computation, instruction, at) for at in range(len(instruction.operand_ids))) + _written(
        computation, instruction
    )


_CALLERS = frozenset({"while", "call", "conditional"})


def _fusion(body: Any) -> int:
    """What its parameters' readers read, each parameter once at the most, and what its root writes."""
    read = sum(_of_parameter(body, each) for each in body.instructions if each.opcode == "parameter")
    root = next(each for each in body.instructions if each.id == body.root_id)
    roots = operands(body, root) if root.opcode == "tuple" else [root]
    return read + sum(_written(body, each) for each in roots)


def _of_parameter(body: Any, parameter: Any) -> int:
    return min(size(parameter.shape), sum(_through(body, parameter)))


def _through(body: Any, array: Any) -> list[int]:
    """What each reader of an array reads of it, those that only see it in another shape looked through."""
    found = []
    for reader in body.instructions:
        if array.id not in reader.operand_ids:
            continue
        if reader.opcode in ("bitcast", "reshape"):
            found += _through(body, reader)
        else:
            found += [_read(body, reader, at) for at, each in enumerate(reader.operand_ids) if each == array.id]
    return found


def _read(computation: Any, reader: Any, at: int) -> int:
    """What an instruction reads of its operand number `at`."""
    if at == 0 and reader.opcode in TAKERS:
        return size(reader.shape)
    if reader.opcode == "dynamic-update-slice" and at == 0:
        return 0
    if reader.opcode == "scatter" and at == 0:
        return _put(computation, reader)
    return size(operands(computation, reader)[at].shape)


def _written(computation: Any, instruction: Any) -> int:
    return _put(computation, instruction) if instruction.opcode in PUTTERS else size(instruction.shape)


def _put(computation: Any, instruction: Any) -> int:
    return size(operands(computation, instruction)[PUTTERS[instruction.opcode][1]].shape)
