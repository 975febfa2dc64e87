"""Where integers enter the floating part of a program: gather indices, masks, counts.

Integers are run on samples, which proves nothing about other integers.  So two programs may only be called equal if
they compute the same integers, by canonical form, and use them to the same bounds.
"""

from collections.abc import Iterable

from pipeline.certify.program.fingerprints import canonical_form
from pipeline.certify.program.literals import FLOATS
from pipeline.certify.program.merkle import Node, reachable
from pipeline.certify.program.preconditions import Interval
from pipeline.certify.program.records import Program

# These rearrange integers; the samples show a wrong arrangement.
_ARRANGING = frozenset({"reshape", "broadcast", "transpose"})
_BOUNDED = frozenset({"gather", "scatter", "dynamic-slice", "dynamic-update-slice"})


def integer_boundary(program: Program, intervals: dict[int, Interval]) -> frozenset[tuple[str, str]]:
    """The integer values that the floating part or the results use, each with the bounds it is clamped to, if any."""
    canonical = canonical_form(program, "preconditions", intervals)
    ordered = reachable(canonical.outputs)
    varying = _varying_integers(ordered)
    used = {
        (_bounds(node), _source(operand))
        for node in ordered
        if node.name not in varying
        for operand in node.operands
        if operand.name in varying
    }
    returned = {("result", _source(node)) for node in canonical.outputs if node.name in varying}
    return frozenset(used | returned)


def _varying_integers(ordered: Iterable[Node]) -> set[str]:
    """Nodes that hold integers or predicates, rest on a parameter, and have no floating value before them."""
    varying: set[str] = set()
    floating: set[str] = set()
    for node in ordered:
        operands = {operand.name for operand in node.operands}
        if node.shape.element in FLOATS or operands & floating:
            floating.add(node.name)
        elif operands & varying or node.opcode == "parameter":
            varying.add(node.name)
    return varying


def _source(node: Node) -> str:
    while node.opcode in _ARRANGING:
        node = node.operands[0]
    return node.name


def _bounds(node: Node) -> str:
    return repr((node.opcode, node.operands[0].shape.dims)) if node.opcode in _BOUNDED else ""
