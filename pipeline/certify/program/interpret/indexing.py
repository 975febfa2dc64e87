"""Gather, scatter and dynamic slices as HLO defines them: a gather's window moves inside, a scatter's is dropped."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.certify.program.interpret.walk import Array, Step


def gather(step: Step, operands: Sequence[Any]) -> Array:
    """Windows of the operand at the start indices, put where the instruction says."""
    operand, starts = operands
    numbers = step.instruction.gather_dimension_numbers
    sizes = tuple(step.instruction.gather_slice_sizes)
    starts = vectors(starts, numbers.index_vector_dim)
    batching = dict(zip(numbers.operand_batching_dims, numbers.start_indices_batching_dims, strict=True))
    bases = _bases(operand.ndim, starts, numbers.start_index_map, batching)
    bases = [np.clip(base, 0, operand.shape[axis] - sizes[axis]) for axis, base in enumerate(bases)]
    gone = {*numbers.collapsed_slice_dims, *numbers.operand_batching_dims}
    windows = [axis for axis in range(operand.ndim) if axis not in gone]
    picked = operand[_places(bases, windows, sizes)]
    offset = list(numbers.offset_dims)
    batch = [axis for axis in range(len(step.dims)) if axis not in offset]
    return np.asarray(picked.transpose(np.argsort([*batch, *offset])) if picked.ndim else picked)


def scatter_places(step: Step, operands: Sequence[Any]) -> tuple[tuple[Array, ...], Array]:
    """Where a scatter writes, and what: index arrays into the operand, and the updates, both in a row.

    A window that does not fit is left out whole.
    """
    operand, starts, updates = operands
    numbers = step.instruction.scatter_dimension_numbers
    starts = vectors(starts, numbers.index_vector_dim)
    batching = dict(zip(numbers.input_batching_dims, numbers.scatter_indices_batching_dims, strict=True))
    bases = _bases(operand.ndim, starts, numbers.scatter_dims_to_operand_dims, batching)
    gone = {*numbers.inserted_window_dims, *numbers.input_batching_dims}
    windows = [axis for axis in range(operand.ndim) if axis not in gone]
    offset = list(numbers.update_window_dims)
    batch = [axis for axis in range(updates.ndim) if axis not in offset]
    updates = updates.transpose([*batch, *offset]) if updates.ndim else updates
    sizes = [1] * operand.ndim
    for axis, size in zip(windows, updates.shape[len(batch) :], strict=True):
        sizes[axis] = size
    fits = np.ones(starts.shape[:-1], bool)
    for axis, base in enumerate(bases):
        fits &= (base >= 0) & (base + sizes[axis] <= operand.shape[axis])
    places = [np.broadcast_to(place, updates.shape) for place in _places(bases, windows, tuple(sizes))]
    kept = np.broadcast_to(fits.reshape(fits.shape + (1,) * len(windows)), updates.shape)
    return tuple(place[kept] for place in places), updates[kept]


def vectors(starts: Array, axis: int) -> Array:
    """Start indices with their index vector as the last axis."""
    starts = starts.astype(np.int64)
    return starts[..., None] if axis == starts.ndim else np.moveaxis(starts, axis, -1)


def _bases(rank: int, starts: Array, mapped: Sequence[int], batching: dict[int, int]) -> list[Array]:
    """The first index along each operand axis, one per start vector."""
    batch = starts.shape[:-1]
    bases = [np.zeros(batch, np.int64) for _ in range(rank)]
    for place, axis in enumerate(mapped):
        bases[axis] = starts[..., place]
    for axis, along in batching.items():
        shape = [1] * len(batch)
        shape[along] = batch[along]
        bases[axis] = np.broadcast_to(np.arange(batch[along]).reshape(shape), batch)
    return bases


def _places(bases: list[Array], windows: list[int], sizes: tuple[int, ...]) -> tuple[Array, ...]:
    """Index arrays of shape (start vectors…, window…)."""
    places = []
    for axis, base in enumerate(bases):
        base = base.reshape(base.shape + (1,) * len(windows))
        if axis in windows:
            shape = [1] * len(windows)
            shape[windows.index(axis)] = sizes[axis]
            base = base + np.arange(sizes[axis]).reshape(shape)
        places.append(base)
    return tuple(places)


def dynamic_slice(step: Step, operands: Sequence[Any]) -> Array:
    """The window that starts at the given indices, moved inside."""
    source, *starts = operands
    return np.asarray(source[_window(source.shape, tuple(step.instruction.dynamic_slice_sizes), starts)])


def dynamic_update_slice(step: Step, operands: Sequence[Any]) -> Array:
    """The operand with a window overwritten, the window moved inside."""
    del step
    source, update, *starts = operands
    result = np.array(source)
    result[_window(source.shape, update.shape, starts)] = update
    return result


def _window(dims: tuple[int, ...], sizes: tuple[int, ...], starts: Sequence[Any]) -> tuple[slice, ...]:
    firsts = [min(max(int(start), 0), dim - size) for start, dim, size in zip(starts, dims, sizes, strict=True)]
    return tuple(slice(first, first + size) for first, size in zip(firsts, sizes, strict=True))
