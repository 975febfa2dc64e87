"""A pair's certificate, a cell's training and its agreement with one device to one verdict.  The rules, the first that
holds:

different     one of the three says so; the level is the certificate's, else `distribution` where one device disagrees
the training  where there is no certificate, or it is inconclusive
inconclusive  the training is, and not for want of seeds alone: a seed failed or is missing, a metric is not a number
proven        the certificate proves the same program: a proof needs no seeds
inconclusive  the training is
the weaker    of certificate and training, else

A certificate that differs at level `distribution` speaks of cells with several replicas.  For a cell on one, which it
does not concern, the training stands.
"""

import msgspec

from pipeline.analysis.agreement import disagreement
from pipeline.analysis.verdicts import SEVERITY
from pipeline.records import Cell, CellAgreement, CellSummary, CertifyEvidence, Run, Strategy, Verdict

DISTRIBUTION = "distribution"


def certificates(run: Run) -> dict[Cell, CertifyEvidence]:
    """The certificates of a run by the cell that they were made for: see `certified_cell`."""
    return {item.trial.cell: item for item in run.evidence if isinstance(item, CertifyEvidence)}


def certified_cell(cell: Cell) -> Cell:
    """The cell that stands for all with the same pair, data, frontend and dtype policy."""
    return msgspec.structs.replace(cell, strategy=Strategy(), jit=False, loop="custom")


def combine(trained: CellSummary, found: CertifyEvidence | None, agreement: CellAgreement | None = None) -> CellSummary:
    """The summary of training with the weight of certificate and agreement added."""
    summary = _with_certificate(trained, found) if found else trained
    if agreement is None:
        return summary
    if agreement.verdict != "differs":
        return msgspec.structs.replace(summary, agreement=agreement)
    between_arms = summary.sentence if summary.level else f"Arm against arm: {summary.sentence}"
    return msgspec.structs.replace(
        summary,
        verdict="different",
        sentence=f"Under {summary.cell.strategy.label}, {disagreement(agreement)}. {between_arms}",
        trained=trained.verdict,
        level=summary.level or DISTRIBUTION,
        agreement=agreement,
    )


def _with_certificate(trained: CellSummary, found: CertifyEvidence) -> CellSummary:
    certificate = found.certificate
    summary = msgspec.structs.replace(
        trained, trained=trained.verdict, certified=certificate.verdict, certificate=found.trial.id
    )
    if certificate.level == DISTRIBUTION and trained.cell.strategy.replicas == 1:
        sentence = f"On one replica: {trained.sentence} On two: {certificate.sentence}"
        return msgspec.structs.replace(summary, sentence=sentence)
    verdict = _verdict(trained, certificate.verdict)
    return msgspec.structs.replace(
        summary, verdict=verdict, sentence=_sentence(trained, found), level=certificate.level
    )


def _verdict(trained: CellSummary, certified: Verdict) -> Verdict:
    if "different" in (trained.verdict, certified):
        return "different"
    if certified == "inconclusive":
        return trained.verdict
    if certified == "proven" and (trained.needs_seeds or trained.verdict != "inconclusive"):
        return "proven"
    return "inconclusive" if trained.verdict == "inconclusive" else max(trained.verdict, certified, key=SEVERITY.index)


def _sentence(trained: CellSummary, found: CertifyEvidence) -> str:
    certificate = found.certificate
    if certificate.verdict == "different":
        return f"{certificate.sentence} Trained all the same: {trained.sentence}"
    return f"Certified {certificate.verdict}. {trained.sentence}"
