"""The certificate of a pair: findings, proof, verdict.

History of CERTIFICATE_VERSION: 1 the first.
"""

import importlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from pipeline.records.base import Record

CERTIFICATE_VERSION = 1

CertificateVerdict = Literal["proven", "identical", "equivalent", "different", "inconclusive"]
Level = Literal["interface", "values", "gradient", "state", "update", "lifecycle", "distribution", "tpu"]
FindingOutcome = Literal["same", "different", "loud", "note", "inconclusive", "error"]
Rule = Literal["exact", "zero_sign", "preconditions"]
RULES: tuple[Rule, ...] = ("exact", "zero_sign", "preconditions")


class InputSpec(Record, frozen=True):
    """One declared input: its shape without the batch, its dtype, and the closed interval its values lie in."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    low: float = -3.0
    high: float = 3.0


class WeightRole(Record, frozen=True):
    """One weight of a pair.  A path is None where that arm does not track the weight."""

    role: str
    shape: tuple[int, ...]
    baseline: str | None
    candidate: str | None


class TensorText(Record, frozen=True):
    """A tensor as text: whole up to SHOWN_ELEMENTS elements, else its edges."""

    shape: tuple[int, ...]
    dtype: str
    values: str


class Counterexample(Record, frozen=True):
    """Inputs on which the arms disagree, with both outputs.  `smallest`: a search for a smaller one ended."""

    inputs: tuple[TensorText, ...]
    baseline: tuple[TensorText, ...]
    candidate: tuple[TensorText, ...]
    mode: Literal["train", "inference"]
    batch: int
    smallest: bool = False


class Finding(Record, frozen=True):
    """One check and what it found, in a sentence; `proves` and `preconditions` say how far that reaches."""

    level: Level
    check: str
    outcome: FindingOutcome
    sentence: str
    proves: str = ""
    preconditions: tuple[str, ...] = ()
    details: Mapping[str, str | float | int | bool] = {}
    counterexample: Counterexample | None = None
    traceback: str = ""
    seconds: float = 0.0


class Fingerprint(Record, frozen=True):
    """The canonical hash of a program under a rule.  It proves nothing where `opaque` names a reason."""

    hash: str
    nodes: int
    opaque: tuple[str, ...] = ()


class ProgramPrint(Record, frozen=True):
    """One printed line of a certificate: the fingerprints of one program of both arms."""

    program: str  # "vjp, batch 4, training"
    rule: Rule  # the strongest rule under which they are equal; the weakest where they are not
    baseline: Fingerprint
    candidate: Fingerprint
    equal: bool


class Proof(Record, frozen=True):
    """What program and algebra say.  `programs` and `algebra` are None where they could not tell; `why` says why."""

    programs: bool | None
    rule: Rule | None
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

    def _repr_html_(self) -> str:
        """What a notebook shows.  By name, because records import nothing of what is above them."""
        return str(importlib.import_module("pipeline.report.notebook").certificate_html(self))

    @property
    def counterexample(self) -> Counterexample | None:
        """The smallest failing input that was found, with both outputs; None where there is none."""
        return next((f.counterexample for f in self.findings if f.outcome == "different" and f.counterexample), None)
