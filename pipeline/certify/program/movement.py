"""Normal forms of the operations that only move elements: reshape, transpose, broadcast.  All are bit-exact.

A constant or scalar spread over a shape is always `broadcast(scalar)`.  Dimensions of size 1 vanish, neighbouring
dimensions that stay together are merged, and what is left is followed by one reshape.
"""

import math

from pipeline.certify.program.merkle import Graph, Node, Shape


def reshape(graph: Graph, node: Node, dims: tuple[int, ...]) -> Node:
    """The same elements in row-major order under other dimensions."""
    if node.opcode == "reshape":
        node = node.operands[0]
    if node.shape.dims == dims:
        return node
    if is_spread(node):
        return spread(graph, node.operands[0], dims)
    shape = Shape(node.shape.element, dims)
    return graph.node("reshape", shape, (node,), interval=node.interval)


def spread(graph: Graph, scalar: Node, dims: tuple[int, ...]) -> Node:
    """A scalar in every place."""
    if not dims:
        return scalar
    shape = Shape(scalar.shape.element, dims)
    return graph.node("broadcast", shape, (scalar,), interval=scalar.interval)


def is_spread(node: Node) -> bool:
    """Is this a scalar in every place?"""
    return node.opcode == "broadcast" and not node.operands[0].shape.dims


def flat(graph: Graph, node: Node) -> Node:
    """The elements in a row; a single one as a scalar."""
    return reshape(graph, node, (node.shape.size,) if node.shape.size != 1 else ())


def transpose(graph: Graph, node: Node, order: tuple[int, ...]) -> Node:
    """Output dimension k is the operand's dimension order[k]."""
    dims = tuple(node.shape.dims[axis] for axis in order)
    groups = _runs([axis for axis in order if node.shape.dims[axis] != 1])
    if len(groups) <= 1 or is_spread(node):
        return reshape(graph, node, dims)
    by_source = sorted(groups)
    sizes = tuple(math.prod(node.shape.dims[axis] for axis in group) for group in by_source)
    permutation = tuple(by_source.index(group) for group in groups)
    source = reshape(graph, node, sizes)
    if source.opcode == "transpose":
        combined = tuple(source.dimensions[axis] for axis in permutation)
        return reshape(graph, transpose(graph, source.operands[0], combined), dims)
    shape = Shape(node.shape.element, tuple(sizes[axis] for axis in permutation))
    moved = graph.node("transpose", shape, (source,), dimensions=permutation, interval=source.interval)
    return reshape(graph, moved, dims)


def _runs(order: list[int]) -> list[tuple[int, ...]]:
    """Splits an order of axes into runs that are neighbours in the source too, size-1 axes not counted."""
    rank = {axis: place for place, axis in enumerate(sorted(order))}
    runs: list[list[int]] = []
    for axis in order:
        if runs and rank[axis] == rank[runs[-1][-1]] + 1:
            runs[-1].append(axis)
        else:
            runs.append([axis])
    return [tuple(run) for run in runs]


def broadcast(graph: Graph, node: Node, dims: tuple[int, ...], mapping: tuple[int, ...]) -> Node:
    """The operand's dimension k becomes output dimension mapping[k]; it repeats along the others."""
    kept = [axis for axis, dim in enumerate(node.shape.dims) if dim != 1]
    order = tuple(sorted(kept, key=lambda axis: mapping[axis]))
    targets = {mapping[axis] for axis in kept}
    source_dims = tuple(node.shape.dims[axis] for axis in order)
    unit = tuple(axis for axis, dim in enumerate(node.shape.dims) if dim == 1)
    source = reshape(graph, transpose(graph, node, order + unit), source_dims)
    if not kept:
        return spread(graph, source, dims)
    merged, places, sizes = _merge(dims, targets)
    source = reshape(graph, source, sizes)
    if merged == sizes:
        return reshape(graph, source, dims)
    return reshape(graph, _repeat(graph, source, merged, places), dims)


def _repeat(graph: Graph, source: Node, dims: tuple[int, ...], places: tuple[int, ...]) -> Node:
    if is_spread(source):
        return spread(graph, source.operands[0], dims)
    shape = Shape(source.shape.element, dims)
    return graph.node("broadcast", shape, (source,), dimensions=places, interval=source.interval)


def _merge(dims: tuple[int, ...], targets: set[int]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Merges neighbours that are all repeated or all mapped: output sizes, where mapped groups lie, their sizes."""
    merged: list[int] = []
    mapped: list[bool] = []
    for axis, dim in enumerate(dims):
        if dim == 1 and axis not in targets:
            continue
        if mapped and mapped[-1] == (axis in targets):
            merged[-1] *= dim
        else:
            merged.append(dim)
            mapped.append(axis in targets)
    places = tuple(place for place, is_mapped in enumerate(mapped) if is_mapped)
    return tuple(merged), places, tuple(merged[place] for place in places)
