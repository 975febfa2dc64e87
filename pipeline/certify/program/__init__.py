"""Are two arms the same program?  Proof by the canonical form of their XLA HLO, or a reason why there is none."""

from pipeline.certify.program.comparison import compare
from pipeline.certify.program.fingerprints import fingerprint
from pipeline.certify.program.graphdef import graphdef_fingerprint
from pipeline.certify.program.programs import forward, forward_and_vjp, train_step, vjp
from pipeline.certify.program.records import (
    RULES,
    Fingerprint,
    NotCompiled,
    Parameter,
    Program,
    ProgramPrint,
    ProgramRefused,
    ProgramResult,
    Rule,
)

__all__ = [
    "RULES",
    "Fingerprint",
    "NotCompiled",
    "Parameter",
    "Program",
    "ProgramPrint",
    "ProgramRefused",
    "ProgramResult",
    "Rule",
    "compare",
    "fingerprint",
    "forward",
    "forward_and_vjp",
    "graphdef_fingerprint",
    "train_step",
    "vjp",
]
