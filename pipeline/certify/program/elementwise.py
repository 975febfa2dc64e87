"""Normal form of elementwise operations: done on the elements in a row, constants folded, commuted operands sorted.

Every step is bit-exact except sorting the operands of a floating maximum or minimum, which may change a zero's sign.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.certify.program.constants import scalar
from pipeline.certify.program.draft import Draft, attributes
from pipeline.certify.program.literals import FLOATS, PREDICATE, numpy_type
from pipeline.certify.program.merkle import Graph, Node, Shape
from pipeline.certify.program.movement import broadcast, flat, is_spread, reshape, spread
from pipeline.certify.program.preconditions import interval

_COMMUTATIVE = frozenset({"add", "multiply", "and", "or", "xor", "maximum", "minimum"})
_MIRRORED = {"GT": "LT", "GE": "LE"}
_SYMMETRIC = frozenset({"EQ", "NE"})
# A comparison that tells -0 from +0 and orders NaN.
_TOTAL_ORDER = "TOTALORDER"
_TOTAL = "compare-total"


def elementwise(graph: Graph, draft: Draft) -> Node:
    """The node of an elementwise instruction."""
    if not draft.static:
        return draft.plain(graph)
    operands = draft.operands
    if all(is_spread(operand) or not operand.shape.dims for operand in operands):
        scalars = tuple(operand.operands[0] if is_spread(operand) else operand for operand in operands)
        return spread(graph, _apply(graph, draft, scalars, ()), draft.shape.dims)
    dims = (draft.shape.size,) if draft.shape.size != 1 else ()
    rows = _rows(graph, operands, dims)
    repeated = _repetition(rows)
    if repeated is None:
        return reshape(graph, _apply(graph, draft, rows, dims), draft.shape.dims)
    return reshape(graph, _before_repeating(graph, draft, rows, repeated), draft.shape.dims)


def _rows(graph: Graph, operands: Sequence[Node], dims: tuple[int, ...]) -> tuple[Node, ...]:
    return tuple(spread(graph, x, dims) if not x.shape.dims else flat(graph, x) for x in operands)


def _repetition(rows: Sequence[Node]) -> Node | None:
    """One of the operands, if all that are no scalars are repeated along the same axes."""
    bases = [_base(row) for row in rows if not is_spread(row)]
    ways = {(base.shape.dims, base.dimensions) if base.opcode == "broadcast" else None for base in bases}
    return bases[0] if len(ways) == 1 and None not in ways else None


def _base(row: Node) -> Node:
    return row.operands[0] if row.opcode == "reshape" else row


def _before_repeating(graph: Graph, draft: Draft, rows: Sequence[Node], repeated: Node) -> Node:
    """Each distinct element is computed once, then repeated: the same values."""
    source = repeated.operands[0].shape
    operands = [row.operands[0] if is_spread(row) else _base(row).operands[0] for row in rows]
    dims = (source.size,) if source.size != 1 else ()
    once = _apply(graph, draft, _rows(graph, operands, dims), dims)
    return broadcast(graph, reshape(graph, once, source.dims), repeated.shape.dims, repeated.dimensions)


def _apply(graph: Graph, draft: Draft, operands: tuple[Node, ...], dims: tuple[int, ...]) -> Node:
    """All operands have the dimensions `dims`."""
    direction = draft.instruction.comparison_direction
    known = interval(draft.opcode, draft.shape.element, [operand.interval for operand in operands], direction)
    if known is not None and known[0] == known[1]:
        return spread(graph, scalar(graph, draft.shape.element, known[0]), dims)
    simplify = _SIMPLIFY.get(draft.opcode)
    simpler = simplify(graph, draft, operands) if simplify and not _annotated(draft) else None
    if simpler is not None:
        return simpler
    ordered, direction = _ordered(draft, operands, direction)
    rest = attributes(draft.instruction, "comparison_direction") + direction.encode()
    opcode = _TOTAL if _TOTAL_ORDER in draft.instruction.comparison_type else draft.opcode
    node = graph.node(opcode, Shape(draft.shape.element, dims), ordered, rest, draft.called, interval=known)
    if _picks_a_zero(draft) and ordered != operands:
        graph.unsigned_zeros.add(node.name)
    return node


def _picks_a_zero(draft: Draft) -> bool:
    """Of +0 and -0, which one a maximum gives depends on the order of its operands."""
    return draft.opcode in ("maximum", "minimum") and draft.shape.element in FLOATS


def _annotated(draft: Draft) -> bool:
    return bool(attributes(draft.instruction, "comparison_direction", "comparison_type", "result_accuracy"))


def _ordered(draft: Draft, operands: tuple[Node, ...], direction: str) -> tuple[tuple[Node, ...], str]:
    """Operands in a canonical order where their order does not matter, and the direction of a comparison."""
    if direction in _MIRRORED:
        return operands[::-1], _MIRRORED[direction]
    fixed = draft.opcode not in _COMMUTATIVE and direction not in _SYMMETRIC
    if fixed or (_picks_a_zero(draft) and not draft.zero_sign):
        return operands, direction
    return tuple(sorted(operands, key=lambda node: node.name)), direction


def _convert(graph: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
    operand, target = operands[0], draft.shape.element
    if operand.shape.element == target:
        return operand
    if operand.opcode == "convert" and _widens(target, operand.shape.element):
        source = operand.operands[0]
        return source if source.shape.element == target else None
    return _convert_constant(graph, operand, target)


def _convert_constant(graph: Graph, operand: Node, target: int) -> Node | None:
    """An integer constant as a float, where the float holds it exactly."""
    if operand.value is None or target not in FLOATS or operand.shape.element in FLOATS:
        return None
    with np.errstate(over="ignore"):
        converted = np.asarray(operand.value).astype(numpy_type(target))
    exact = bool(np.isfinite(converted)) and int(converted) == int(operand.value)
    return scalar(graph, target, operand.value) if exact else None


def _widens(narrow: int, wide: int) -> bool:
    """Does every value of the one integer type fit the other?"""
    if FLOATS & {narrow, wide} or PREDICATE in (narrow, wide):
        return False
    return bool(np.can_cast(numpy_type(narrow), numpy_type(wide), "safe"))


def _select(_: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
    del draft
    predicate, chosen, other = operands
    if chosen.name == other.name:
        return chosen
    if predicate.interval is None or predicate.interval[0] != predicate.interval[1]:
        return None
    return chosen if predicate.interval[0] else other


def _maximum(_: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
    del draft
    return _dominant(operands) or _dominant(operands[::-1])


def _minimum(_: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
    del draft
    if _dominant(operands):
        return operands[1]
    return operands[0] if _dominant(operands[::-1]) else None


def _dominant(operands: Sequence[Node]) -> Node | None:
    """The first of two integers, if it is never the smaller."""
    left, right = operands
    if left.interval is None or right.interval is None:
        return None
    return left if left.interval[0] >= right.interval[1] else None


def _clamp(_: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
    del draft
    low, middle, high = (operand.interval for operand in operands)
    if low is None or middle is None or high is None:
        return None
    return operands[1] if low[1] <= middle[0] and middle[1] <= high[0] else None


def _logic(neutral: int) -> Callable[[Graph, Draft, tuple[Node, ...]], Node | None]:
    """`and` with true, `or` with false: the other operand.  The rest follows from intervals."""

    def rule(_: Graph, draft: Draft, operands: tuple[Node, ...]) -> Node | None:
        if draft.shape.element != PREDICATE:
            return None
        left, right = operands
        if left.interval == (neutral, neutral):
            return right
        return left if right.interval == (neutral, neutral) or left.name == right.name else None

    return rule


_SIMPLIFY: Mapping[str, Callable[[Graph, Draft, tuple[Node, ...]], Node | None]] = {
    "convert": _convert,
    "select": _select,
    "maximum": _maximum,
    "minimum": _minimum,
    "clamp": _clamp,
    "and": _logic(1),
    "or": _logic(0),
}
