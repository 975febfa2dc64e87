"""A program as a graph of nodes named by what they compute: equal names, equal computations.

The name of a node is the sha256 of its opcode, shape, attributes, called computations and the names of its operands,
so it does not depend on numbering, instruction order, process or machine.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Shape(NamedTuple):
    """Element type (HLO's number) and dimensions.  Layout is no part of meaning.  Tuples have `parts`."""

    element: int
    dims: tuple[int, ...] = ()
    dynamic: tuple[bool, ...] = ()
    parts: tuple["Shape", ...] = ()

    @property
    def size(self) -> int:
        """How many elements."""
        count = 1
        for dim in self.dims:
            count *= dim
        return count


def shape_of(proto: Any) -> Shape:
    """The shape that an HLO ShapeProto states."""
    dynamic = tuple(proto.is_dynamic_dimension)
    parts = tuple(shape_of(part) for part in proto.tuple_shapes)
    return Shape(proto.element_type, tuple(proto.dimensions), dynamic if any(dynamic) else (), parts)


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One value of a program.  `value` is a scalar constant's number; `interval` bounds an integer, ends included."""

    name: str
    opcode: str
    shape: Shape
    operands: tuple["Node", ...]
    called: tuple[str, ...] = ()
    dimensions: tuple[int, ...] = ()
    value: Any = None
    interval: tuple[int, int] | None = None


@dataclass
class Graph:
    """Makes nodes, one object per name.  `unsigned_zeros`: nodes replaced by one equal up to the sign of zero."""

    nodes: dict[str, Node] = field(default_factory=dict)
    unsigned_zeros: set[str] = field(default_factory=set)

    def node(
        self,
        opcode: str,
        shape: Shape,
        operands: Iterable[Node] = (),
        attributes: bytes = b"",
        called: tuple[str, ...] = (),
        *,
        dimensions: tuple[int, ...] = (),
        value: Any = None,
        interval: tuple[int, int] | None = None,
    ) -> Node:
        """The node of that meaning.  `dimensions`, `value` and `interval` must follow from the other arguments."""
        operands = tuple(operands)
        text = repr((opcode, shape, [operand.name for operand in operands], called, dimensions)).encode()
        name = hashlib.sha256(text + b"#" + attributes).hexdigest()
        known = self.nodes.get(name)
        if known is None:
            known = Node(name, opcode, shape, operands, called, dimensions, value, interval)
            self.nodes[name] = known
        return known


def reachable(roots: Iterable[Node]) -> list[Node]:
    """Every node that the roots rest on, operands before users, each once."""
    ordered: list[Node] = []
    seen: set[str] = set()
    stack = [(root, False) for root in roots]
    while stack:
        node, done = stack.pop()
        if done:
            ordered.append(node)
        elif node.name not in seen:
            seen.add(node.name)
            stack.append((node, True))
            stack.extend((operand, False) for operand in node.operands)
    return ordered
