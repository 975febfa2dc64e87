"""A certificate: what was checked of a pair, and what that comes to.  Importing this needs no TensorFlow.

History of CERTIFICATE_VERSION: 1 the first.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from pipeline.certify.findings import Finding
from pipeline.certify.program.records import ProgramPrint
from pipeline.records import InputSpec, Record, WeightRole

CERTIFICATE_VERSION = 1

CertificateVerdict = Literal["proven", "identical", "equivalent", "different", "inconclusive"]


class Proof(Record, frozen=True):
    """What program and algebra say.  `programs` and `algebra` are None where they could not tell; `why` says why."""

    programs: bool | None
    rule: str
    proves: str
    preconditions: tuple[str, ...]
    prints: tuple[ProgramPrint, ...]
    algebra: bool | None
    why: str


class Certificate(Record, frozen=True):
    """Whether two arms are the same layer.

    `level` is the first level that shows a difference, "" where none does.  `lifecycle` lists the rows in which one arm
    raises a clear error where the other works: they stand beside the verdict and do not change it.
    """

    verdict: CertificateVerdict
    level: str
    sentence: str
    baseline: str
    candidate: str
    inputs: tuple[InputSpec, ...]
    weight_map: tuple[WeightRole, ...]
    findings: tuple[Finding, ...]
    proof: Proof | None
    lifecycle: tuple[Finding, ...]
    left_out: tuple[str, ...]
    settings: Mapping[str, str | int | float | bool]
    versions: Mapping[str, str]
    seconds: float
    schema_version: int = CERTIFICATE_VERSION

    def to_json(self) -> str:
        """The whole certificate as JSON; `from_json` reads it back equal."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Certificate":
        """Raises msgspec.ValidationError where the text is no certificate."""
        return msgspec.json.decode(text, type=cls)

    @property
    def counterexample(self) -> Any:
        """The smallest failing input that was found, with both outputs; None where there is none."""
        return next((f.counterexample for f in self.findings if f.outcome == "different" and f.counterexample), None)

    def _repr_html_(self) -> str:
        from pipeline.certify.page import fragment

        return fragment(self)
