"""An arm's call and its vector-Jacobian product as StableHLO, with what is needed to compare the compiled programs."""

import re
from dataclasses import dataclass

from tensorflow.python.eager.polymorphic_function.compiler_ir import from_concrete_function

from pipeline.certify.findings import first_line
from pipeline.certify.program import Program, ProgramRefused
from pipeline.certify.program.lowering import Kind, lower
from pipeline.certify.program.tracing import Traced, trace_forward, trace_vjp
from pipeline.certify.subject import Subject

_TRANSLATED = {"mhlo.copy", "mhlo.erf"}  # by the compiler's process
_FOREIGN = re.compile(r"= \"?(mhlo\.\w+)")


@dataclass(frozen=True)
class Module:
    """`stablehlo` is "" where there is none: `failed` then is XLA's reason, or `refused` why the arm was not traced.

    `program` names parameters and results; None where they can't be named, for the reason in `unnamed`.
    """

    stablehlo: str = ""
    failed: str = ""
    refused: str = ""
    program: Program | None = None
    unnamed: str = ""


def modules(subject: Subject, batch: int, training: bool) -> dict[str, Module]:
    """Forward and VJP for one batch size and mode, by the name of the check."""
    where = f"{'training' if training else 'inference'}, batch {batch}"
    try:
        forward = trace_forward(subject, batch, training)
    except ProgramRefused as refusal:
        return dict.fromkeys([f"forward, {where}", f"vjp, {where}"], Module(refused=refusal.reason))
    try:
        backward = _module("vjp", trace_vjp(subject, batch, training, forward), subject)
    except ProgramRefused as refusal:
        backward = Module(refused=refusal.reason)
    return {f"forward, {where}": _module("forward", forward, subject), f"vjp, {where}": backward}


def _module(kind: Kind, traced: Traced, subject: Subject) -> Module:
    try:
        text = from_concrete_function(traced.function)(stage="stablehlo")
    except Exception as problem:  # TensorFlow raises many kinds here, all of which mean: XLA has no program
        return Module(failed=f"no StableHLO: {first_line(problem)}")
    foreign = sorted(set(_FOREIGN.findall(text)) - _TRANSLATED)
    if foreign:
        return Module(refused=f"TensorFlow's StableHLO holds {', '.join(foreign)}, which is none")
    try:
        return Module(text, program=lower(kind, traced, subject))
    except ProgramRefused as refusal:
        return Module(text, unnamed=refusal.reason)
