"""The fingerprint of a program: equal fingerprints under one rule, the same program under that rule.

exact          bit for bit, in the semantics of HLO
zero_sign      up to the sign of a zero: Dense's bias gradient sums from -0, a plain sum from +0
preconditions  the same, for integer inputs inside their declared ranges
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.certify.program.canonical import Canonical
from pipeline.certify.program.merkle import reachable
from pipeline.certify.program.opcodes import impure_opcodes
from pipeline.certify.program.preconditions import Interval, declared
from pipeline.certify.program.records import Program
from pipeline.certify.program.zero_sign import visible
from pipeline.records import Fingerprint, InputSpec, Rule

# Part of every fingerprint: raised when the rewrites change, so that old and new prints never meet.
VERSION = 1


def fingerprint(program: Program, *, rule: Rule, input_specs: Sequence[InputSpec]) -> Fingerprint:
    """The hash of everything a program is: its outputs by label, parameters by role, signature and structure.

    It is the same in every process and on every machine with the same versions of TensorFlow and the frontend.
    """
    intervals = declared(program, input_specs) if rule == "preconditions" else {}
    canonical = canonical_form(program, rule, intervals)
    named = sorted(zip(program.outputs, (node.name for node in canonical.outputs), strict=True))
    text = repr((VERSION, rule, program.signature, program.structure, sorted(intervals.items()), named))
    shown = visible(canonical.outputs, canonical.graph.unsigned_zeros, canonical.mild)
    opaque = (*impure_opcodes(program.module), *(f"the sign of a zero may show in {opcode}" for opcode in shown))
    return Fingerprint(hashlib.sha256(text.encode()).hexdigest(), len(reachable(canonical.outputs)), opaque)


def canonical_form(program: Program, rule: Rule, intervals: Mapping[int, Interval]) -> Canonical:
    """The canonical graph of a program under a rule, its parameters named by role."""
    tokens = tuple(parameter.token for parameter in program.parameters)
    return Canonical(program.module, tokens, intervals, rule != "exact")


def declared_ranges(specs: Sequence[InputSpec]) -> tuple[str, ...]:
    """The preconditions on integer inputs as sentences."""
    return tuple(_sentence(k, spec) for k, spec in enumerate(specs) if spec.dtype.startswith(("int", "uint")))


def _sentence(position: int, spec: Any) -> str:
    return f"input {position} lies in {spec.low:g} … {spec.high:g}"
