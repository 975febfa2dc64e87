"""Opcodes that move elements without looking at them, and control flow: the same for every kind of number."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.certify.program.interpret.indexing import dynamic_slice, dynamic_update_slice, gather
from pipeline.certify.program.interpret.walk import Array, Handler, Step, Unsupported

_MOST_TURNS = 10_000  # of a while loop


def _broadcast(step: Step, operands: Sequence[Any]) -> Any:
    shape = [1] * len(step.dims)
    for axis, dim in zip(step.axes, operands[0].shape, strict=True):
        shape[axis] = dim
    source = operands[0]
    order = np.argsort(step.axes) if len(step.axes) else ()
    return np.broadcast_to(source.transpose(order).reshape(shape) if source.ndim else source, step.dims)


def _slice(step: Step, operands: Sequence[Any]) -> Any:
    parts = step.instruction.slice_dimensions
    return operands[0][tuple(slice(part.start, part.limit, part.stride) for part in parts)]


def _pad(step: Step, operands: Sequence[Any]) -> Any:
    source, filler = operands
    for axis, edge in enumerate(step.instruction.padding_config.dimensions):
        low, high = edge.edge_padding_low, edge.edge_padding_high
        source = padded(source, axis, low, high, edge.interior_padding, filler)
    return source


def padded(source: Array, axis: int, low: int, high: int, interior: int, filler: Any) -> Array:
    """One axis with `interior` fillers between its elements, then fillers at either end; negative ends cut."""
    spread = interior + 1
    length = max((source.shape[axis] - 1) * spread + 1, 0)
    shape = list(source.shape)
    shape[axis] = length + max(low, 0) + max(high, 0)
    wide = np.full(shape, np.asarray(filler)[()], dtype=source.dtype)
    where: list[slice] = [slice(None)] * source.ndim
    where[axis] = slice(max(low, 0), max(low, 0) + length, spread)
    wide[tuple(where)] = source
    where[axis] = slice(max(-low, 0), shape[axis] - max(-high, 0))
    return wide[tuple(where)]


def zero_padded(source: Array, axis: int, low: int, high: int, interior: int) -> Array:
    """The same with zeros."""
    return padded(source, axis, low, high, interior, 0)


def _while(step: Step, operands: Sequence[Any]) -> Any:
    """Called computations: body, then condition."""
    state = operands[0]
    for _ in range(_MOST_TURNS):
        condition = np.asarray(step.run(1, [state]))
        if condition.dtype != bool:
            raise Unsupported("while on a condition that is not known")
        if not condition:
            return state
        state = step.run(0, [state])
    raise Unsupported(f"while with more than {_MOST_TURNS} turns")


def _conditional(step: Step, operands: Sequence[Any]) -> Any:
    """On a predicate the first branch is the true one; else the index picks, and the last is the default."""
    chosen = np.asarray(operands[0])
    branches = len(step.instruction.called_computation_ids)
    if chosen.dtype == bool:
        place = 0 if chosen else 1
    elif step.operand_types[0] == 1:
        raise Unsupported("conditional on a predicate that is not known")
    else:
        place = int(chosen) if 0 <= int(chosen) < branches else branches - 1
    return step.run(place, [operands[place + 1]])


def _tuple(step: Step, operands: Sequence[Any]) -> Any:
    del step
    return tuple(operands)


MOVING: Mapping[str, Handler] = {
    "reshape": lambda step, operands: operands[0].reshape(step.dims),
    "transpose": lambda step, operands: operands[0].transpose(step.axes),
    "broadcast": _broadcast,
    "slice": _slice,
    "concatenate": lambda step, operands: np.concatenate(operands, axis=step.axes[0]),
    "reverse": lambda step, operands: np.flip(operands[0], step.axes),
    "pad": _pad,
    "copy": lambda _step, operands: operands[0],
    "tuple": _tuple,
    "get-tuple-element": lambda step, operands: operands[0][step.instruction.tuple_index],
    "call": lambda step, operands: step.run(0, operands),
    "gather": gather,
    "dynamic-slice": dynamic_slice,
    "dynamic-update-slice": dynamic_update_slice,
    "while": _while,
    "conditional": _conditional,
}
