"""Which HLO opcodes a proof may contain.  An allow-list: what is not named here is not understood, and refused."""

from typing import Any

_ELEMENTWISE = """
abs acos acosh add and asin asinh atan2 atanh cbrt ceil clamp compare convert cosh cosine count-leading-zeros divide
erf exponential exponential-minus-one floor is-finite log log-plus-one logistic maximum minimum multiply negate not
or popcnt power remainder round-nearest-afz round-nearest-even rsqrt select shift-left shift-right-arithmetic
shift-right-logical sign sine sinh sqrt subtract tan tanh xor
"""
ELEMENTWISE = frozenset(_ELEMENTWISE.split())
_MOVEMENT = """
broadcast concatenate copy dynamic-slice dynamic-update-slice gather get-tuple-element iota pad reshape reverse
slice transpose tuple
"""
MOVEMENT = frozenset(_MOVEMENT.split())
_OTHER = """
batch-norm-grad batch-norm-inference batch-norm-training bitcast-convert call cholesky complex conditional constant
convolution dot fft imag map parameter real reduce reduce-precision reduce-window rng-bit-generator scatter
select-and-scatter sort triangular-solve while
"""
OTHER = frozenset(_OTHER.split())
PURE = ELEMENTWISE | MOVEMENT | OTHER
# rng-bit-generator is a function of its state operand; `rng` draws from a hidden generator and is not in the list.


def impure_opcodes(module: Any) -> tuple[str, ...]:
    """The opcodes of a module that are not known to be pure functions of their operands, sorted; sharding counts."""
    instructions = [item for computation in module.computations for item in computation.instructions]
    found = {_name(item) for item in instructions if item.opcode not in PURE}
    found |= {"sharding" for item in instructions if item.HasField("sharding")}
    return tuple(sorted(found))


def _name(instruction: Any) -> str:
    target = instruction.custom_call_target
    return f"{instruction.opcode} {target}" if target else str(instruction.opcode)
