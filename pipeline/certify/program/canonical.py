"""An HLO module as a canonical graph: calls inlined, instructions in normal form, parameters named by meaning."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.certify.program.constants import constant
from pipeline.certify.program.contraction import dot, reduce_
from pipeline.certify.program.draft import Draft, attributes, draft
from pipeline.certify.program.elementwise import elementwise
from pipeline.certify.program.merkle import Graph, Node, shape_of
from pipeline.certify.program.opcodes import ELEMENTWISE
from pipeline.certify.program.pieces import PIECES
from pipeline.certify.program.preconditions import Interval

# Regions x∘y of two numbers for which a zero's sign in an operand shows as no more than a zero's sign in the result.
_MILD = frozenset({"add", "multiply", "maximum", "minimum"})


@dataclass
class Canonical:
    """`outputs` are the elements of the result; `mild` names the computations of two numbers listed in _MILD."""

    module: Any
    tokens: tuple[str, ...]
    intervals: Mapping[int, Interval]
    zero_sign: bool
    graph: Graph = field(default_factory=Graph)
    outputs: tuple[Node, ...] = ()
    mild: set[str] = field(default_factory=set)
    _names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._computations = {item.id: item for item in self.module.computations}
        entry = self._computations[self.module.entry_computation_id]
        root = self._evaluate(entry, self._entry_arguments(entry), top=True)
        self.outputs = root.operands if root.opcode == "tuple" else (root,)

    def _entry_arguments(self, entry: Any) -> dict[int, Node]:
        return {
            item.parameter_number: self.graph.node(
                "parameter",
                shape_of(item.shape),
                (),
                self.tokens[item.parameter_number].encode(),
                interval=self.intervals.get(item.parameter_number),
            )
            for item in entry.instructions
            if item.opcode == "parameter"
        }

    def _evaluate(self, computation: Any, arguments: Mapping[int, Node], *, top: bool) -> Node:
        """The root of a computation; instructions come operands first."""
        values: dict[int, Node] = {}
        for item in computation.instructions:
            operands = tuple(values[number] for number in item.operand_ids)
            if item.opcode == "parameter":
                values[item.id] = arguments[item.parameter_number]
            elif item.opcode == "call":
                inner = self._computations[item.called_computation_ids[0]]
                values[item.id] = self._evaluate(inner, dict(enumerate(operands)), top=top)
            else:
                called = tuple(self._computation_name(number) for number in item.called_computation_ids)
                values[item.id] = self._node(draft(item, operands, called, self.zero_sign and top))
        return values[computation.root_id]

    def _node(self, item: Draft) -> Node:
        if item.opcode in ELEMENTWISE:
            return elementwise(self.graph, item)
        if item.opcode == "constant":
            return constant(self.graph, item)
        if item.opcode == "dot":
            return dot(self.graph, item)
        if item.opcode == "reduce":
            region = self._computations[item.instruction.called_computation_ids[0]]
            return reduce_(self.graph, item, adds=_binary(region) == "add")
        if item.opcode in PIECES:
            form, understood = PIECES[item.opcode]
            simple = item.static or item.opcode == "get-tuple-element"
            return (
                form(self.graph, item)
                if simple and not attributes(item.instruction, *understood)
                else item.plain(self.graph)
            )
        return item.plain(self.graph)

    def _computation_name(self, number: int) -> str:
        """The name of what a called computation computes, its parameters bound by position."""
        if number not in self._names:
            computation = self._computations[number]
            bound = {
                item.parameter_number: self.graph.node("bound", shape_of(item.shape), (), b"%d" % item.parameter_number)
                for item in computation.instructions
                if item.opcode == "parameter"
            }
            root = self._evaluate(computation, bound, top=False)
            shapes = repr([bound[key].shape for key in sorted(bound)])
            name = hashlib.sha256(f"computation {shapes} {root.name}".encode()).hexdigest()
            self._names[number] = name
            if _binary(computation) in _MILD:
                self.mild.add(name)
        return self._names[number]


def _binary(computation: Any) -> str:
    """The opcode of a computation that is one operation on its two parameters, in either order; else ""."""
    if len(computation.instructions) != 3:
        return ""
    root = next(item for item in computation.instructions if item.id == computation.root_id)
    parameters = {item.id for item in computation.instructions if item.opcode == "parameter"}
    if len(parameters) != 2 or set(root.operand_ids) != parameters:
        return ""
    return str(root.opcode)
