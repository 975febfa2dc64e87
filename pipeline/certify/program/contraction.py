"""Normal form of reductions and dot products.

A reduction keeps only the groups of neighbouring dimensions that are kept or reduced together.  A dot product is one of
(batch, M, K) by (batch, K, N); of it and its transpose, the one whose operands sort first.  Same products, same sums,
the same order of summands in memory; HLO itself leaves the order of summation open.
"""

import math

import numpy as np

from pipeline.certify.program.constants import scalar
from pipeline.certify.program.draft import Draft, attributes
from pipeline.certify.program.literals import FLOATS
from pipeline.certify.program.merkle import Graph, Node, Shape
from pipeline.certify.program.movement import reshape, transpose


def reduce_(graph: Graph, draft: Draft, *, adds: bool) -> Node:
    """The node of a reduction; `adds`: its region is x + y and nothing else."""
    if not draft.static or len(draft.operands) != 2:
        return draft.plain(graph)
    operand, initial = draft.operands
    if adds and draft.shape.element in FLOATS and initial.value is not None and initial.value == 0:
        if all(operand.shape.dims[axis] == 1 for axis in draft.dimensions):
            return _sum_of_one(graph, draft, operand, initial)
        initial = _zero(graph, draft, initial)
    sizes, axes = _groups(operand.shape.dims, frozenset(draft.dimensions))
    if not axes:
        return draft.plain(graph)
    source = reshape(graph, operand, sizes)
    kept = tuple(size for axis, size in enumerate(sizes) if axis not in axes)
    shape = Shape(draft.shape.element, kept)
    reduced = graph.node("reduce", shape, (source, initial), draft.attributes, draft.called, dimensions=axes)
    if initial is not draft.operands[1]:
        graph.unsigned_zeros.add(reduced.name)
    return reshape(graph, reduced, draft.shape.dims)


def _sum_of_one(graph: Graph, draft: Draft, operand: Node, initial: Node) -> Node:
    """-0 + x is x, bit for bit; +0 + x is x up to the sign of zero."""
    summand = reshape(graph, operand, draft.shape.dims)
    if np.signbit(initial.value):
        return summand
    if not draft.zero_sign:
        return draft.plain(graph)
    graph.unsigned_zeros.add(summand.name)
    return summand


def _zero(graph: Graph, draft: Draft, initial: Node) -> Node:
    """The zero a sum starts from: +0 instead of -0 where the sign may be lost."""
    if not draft.zero_sign or not np.signbit(initial.value):
        return initial
    return scalar(graph, initial.shape.element, 0.0)


def _groups(dims: tuple[int, ...], reduced: frozenset[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sizes after merging neighbours of one fate, without size 1; and which of them are reduced."""
    sizes: list[int] = []
    fates: list[bool] = []
    for axis, dim in enumerate(dims):
        if dim == 1:
            continue
        if fates and fates[-1] == (axis in reduced):
            sizes[-1] *= dim
        else:
            sizes.append(dim)
            fates.append(axis in reduced)
    return tuple(sizes), tuple(axis for axis, fate in enumerate(fates) if fate)


def dot(graph: Graph, draft: Draft) -> Node:
    """The node of a dot product."""
    numbers = draft.instruction.dot_dimension_numbers
    rest = attributes(draft.instruction, "dot_dimension_numbers", "precision_config")
    precision = draft.instruction.precision_config
    if not draft.static or rest or precision.algorithm or len(set(precision.operand_precision)) > 1:
        return draft.plain(graph)
    pairs = sorted(zip(numbers.lhs_contracting_dimensions, numbers.rhs_contracting_dimensions, strict=True))
    left = _matrix(graph, draft.operands[0], numbers.lhs_batch_dimensions, [pair[0] for pair in pairs])
    right = _matrix(graph, draft.operands[1], numbers.rhs_batch_dimensions, [pair[1] for pair in pairs])
    mark = repr(list(precision.operand_precision)[:1]).encode()
    product = _product(graph, draft.shape.element, left, right, mark)
    return reshape(graph, product, draft.shape.dims)


def _matrix(graph: Graph, node: Node, batch: list[int], contracted: list[int]) -> Node:
    """As (batch, free, contracted)."""
    dims = node.shape.dims
    free = [axis for axis in range(len(dims)) if axis not in batch and axis not in contracted]
    moved = transpose(graph, node, (*batch, *free, *contracted))
    return reshape(graph, moved, tuple(math.prod(dims[axis] for axis in axes) for axes in (batch, free, contracted)))


def _product(graph: Graph, element: int, left: Node, right: Node, mark: bytes) -> Node:
    """`left` (B, M, K) by `right` (B, N, K) to (B, M, N)."""
    swapped = right.name < left.name
    first, second = (right, left) if swapped else (left, right)
    shape = Shape(element, (first.shape.dims[0], first.shape.dims[1], second.shape.dims[1]))
    product = graph.node("dot", shape, (first, second), mark)
    return transpose(graph, product, (0, 2, 1)) if swapped else product
