"""Findings to a verdict.  The rules, in order; the first that applies decides.

1. A silent difference at any level: `different`, at the first level of LADDER that shows one.
2. A check that crashed, or that could not decide, or values that were never compared: `inconclusive`.
3. The same program for outputs and gradients in every mode and at every batch size looked at: `proven`.
4. The time limit cut what values or update would have tried: `inconclusive`.  What lifecycle leaves out is only told.
5. The same bits in every comparison of values: `identical`.
6. Else `equivalent`: within the tolerance everywhere.
"""

from collections.abc import Sequence

from pipeline.certify.findings import TIME_LIMIT
from pipeline.records import CertificateVerdict, Finding, Proof

MORE_TIME = "Give it more time: --time-limit, time_limit."
LADDER = ("interface", "values", "gradient", "update", "lifecycle", "state", "distribution", "tpu")


def judge(findings: Sequence[Finding], proof: Proof | None) -> tuple[CertificateVerdict, str, str]:
    """(verdict, level, sentence)."""
    different = [finding for finding in findings if finding.outcome == "different"]
    if different:
        first = min(different, key=lambda finding: LADDER.index(finding.level))
        return "different", first.level, f"Different at level {first.level}: {first.sentence}."
    undecided = [finding for finding in findings if finding.outcome in ("inconclusive", "error")]
    if undecided:
        first = undecided[0]
        return "inconclusive", "", f"Not decided: {first.level}, {first.check}: {first.sentence}."
    compared = [
        finding for finding in findings if finding.level in ("values", "gradient") and finding.outcome == "same"
    ]
    cut = [finding for finding in findings if finding.check == TIME_LIMIT and finding.level in ("values", "update")]
    if not compared:
        why = f": {cut[0].sentence}. {MORE_TIME}" if cut else "."
        return "inconclusive", "", f"Not decided: no values were compared{why}"
    if proof and proof.programs:
        return "proven", "", f"Proven the same: {proof.proves}."
    if cut:
        return "inconclusive", "", f"Not decided: {cut[0].level}: {cut[0].sentence}. {MORE_TIME}"
    if all(finding.details.get("bitwise") is True for finding in compared):
        return "identical", "", "Identical: outputs and gradients are the same bits in every comparison made."
    real = ", and equal over the real numbers" if proof and proof.algebra else ""
    return "equivalent", "", f"Equivalent: within rounding in every comparison made{real}."
