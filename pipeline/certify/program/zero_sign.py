"""Where the sign of a zero shows: the check behind the rule "equal up to the sign of zero".

Some rewrites replace a value by one that differs in the sign of a zero only.  That stays so through sums, products
and most functions, vanishes in some, and becomes visible in a few: 1 / -0 is not 1 / +0.  Those end the proof.
"""

from collections.abc import Iterable

from pipeline.certify.program.literals import FLOATS
from pipeline.certify.program.merkle import Node, reachable

# f(-0) and f(+0) are the same value.
_FORGETS = frozenset({"abs", "compare", "cosh", "cosine", "exponential", "is-finite", "log", "logistic"})
# A zero of either sign in any operand gives results that differ in the sign of a zero at the most.
_KEEPING = """
add asin asinh atanh broadcast cbrt ceil clamp concatenate convert convolution copy dot dynamic-slice
dynamic-update-slice erf exponential-minus-one floor gather get-tuple-element log-plus-one maximum minimum multiply
negate pad reduce-precision remainder reshape reverse round-nearest-afz round-nearest-even select sign sine sinh
slice sqrt subtract tan tanh transpose tuple
"""
_KEEPS = frozenset(_KEEPING.split())
_REGIONS = frozenset({"reduce", "reduce-window", "scatter"})


def visible(roots: Iterable[Node], unsigned: set[str], mild: set[str]) -> list[str]:
    """The opcodes that a replaced zero reaches and that could show its sign, sorted.

    `unsigned` names the replaced nodes, `mild` the harmless regions of reductions and scatters.
    """
    tainted: set[str] = set()
    shown: set[str] = set()
    for node in reachable(roots):
        reached = [place for place, operand in enumerate(node.operands) if operand.name in tainted]
        if reached and not _harmless(node, reached, mild):
            shown.add(node.opcode)
        passes = reached and not _forgets(node) and _can_hold_zero_sign(node)
        if passes or node.name in unsigned:
            tainted.add(node.name)
    return sorted(shown)


def _forgets(node: Node) -> bool:
    """Also x · x, which is +0 for either zero, and x + c with a constant that is no zero."""
    if node.opcode == "multiply":
        return node.operands[0].name == node.operands[1].name
    if node.opcode in ("add", "subtract"):
        return any(_nonzero(operand) for operand in node.operands)
    return node.opcode in _FORGETS


def _nonzero(node: Node) -> bool:
    scalar = node.operands[0] if node.opcode == "broadcast" else node
    return scalar.value is not None and bool(scalar.value != 0)


def _can_hold_zero_sign(node: Node) -> bool:
    return bool(node.shape.parts) or node.shape.element in FLOATS


def _harmless(node: Node, reached: list[int], mild: set[str]) -> bool:
    if node.opcode == "divide":
        return reached == [0]
    if node.opcode in _REGIONS:
        return all(name in mild for name in node.called)
    return node.opcode in _KEEPS or node.opcode in _FORGETS
