"""Are two arms the same program?  Proof by the canonical form of their XLA HLO, or a reason why there is none."""

from pipeline.certify.program.comparison import compare
from pipeline.certify.program.fingerprints import fingerprint
from pipeline.certify.program.graphdef import graphdef_fingerprint
from pipeline.certify.program.programs import forward, forward_and_vjp, train_step, vjp
from pipeline.certify.program.records import (
    NotCompiled,
    Parameter,
    Program,
    ProgramRefused,
    ProgramResult,
)

__all__ = [
    "NotCompiled",
    "Parameter",
    "Program",
    "ProgramRefused",
    "ProgramResult",
    "compare",
    "fingerprint",
    "forward",
    "forward_and_vjp",
    "graphdef_fingerprint",
    "train_step",
    "vjp",
]
