"""A pair's certificate and a cell's training to one verdict.  The rules, the first that holds:

different     the certificate or the training says so; the certificate's level is the cell's
the training  where there is no certificate, or it is inconclusive, or the training is
proven        the certificate proves the same program
the weaker    of the two, else
"""

import msgspec

from pipeline.analysis.verdicts import SEVERITY
from pipeline.records import Cell, CellSummary, CertifyEvidence, Run, Strategy, Verdict


def certificates(run: Run) -> dict[Cell, CertifyEvidence]:
    """The certificates of a run by the cell that they were made for: see `certified_cell`."""
    return {item.trial.cell: item for item in run.evidence if isinstance(item, CertifyEvidence)}


def certified_cell(cell: Cell) -> Cell:
    """The cell that stands for all with the same pair, data, frontend and dtype policy."""
    return msgspec.structs.replace(cell, strategy=Strategy(), jit=False)


def combine(trained: CellSummary, found: CertifyEvidence | None) -> CellSummary:
    """The summary of training with the certificate's weight added."""
    if found is None:
        return trained
    certificate = found.certificate
    return msgspec.structs.replace(
        trained,
        verdict=_verdict(trained.verdict, certificate.verdict),
        sentence=_sentence(trained, found),
        trained=trained.verdict,
        certified=certificate.verdict,
        level=certificate.level,
        certificate=found.trial.id,
    )


def _verdict(trained: Verdict, certified: Verdict) -> Verdict:
    if "different" in (trained, certified):
        return "different"
    if "inconclusive" in (trained, certified):
        return trained
    return "proven" if certified == "proven" else max(trained, certified, key=SEVERITY.index)


def _sentence(trained: CellSummary, found: CertifyEvidence) -> str:
    certificate = found.certificate
    if certificate.verdict == "different":
        return f"{certificate.sentence} Trained all the same: {trained.sentence}"
    return f"Certified {certificate.verdict}. {trained.sentence}"
