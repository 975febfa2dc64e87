"""How claims are answered from certificates.  Nothing here knows a result beforehand."""

from collections.abc import Sequence

from pipeline.analysis.answer import Answer
from pipeline.analysis.certified import certificates
from pipeline.analysis.wording import count, listed
from pipeline.records import CellSummary, CertifyEvidence, Finding, Run

TROUBLE = ("different", "loud")


def lifecycle(run: Run, _: Sequence[CellSummary]) -> Answer:
    """C8: in which rows of the lifecycle only one arm of a pair works."""
    found = [item for item in certificates(run).values() if _lifecycle(item)]
    if not found:
        return Answer(missing="certificates with the lifecycle level (certify: true)")
    rows = [(item, row) for item in found for row in _lifecycle(item)]
    troubled = [f"{_name(item)}: {row.sentence}" for item, row in rows if row.outcome in TROUBLE]
    told = f"{len(troubled)} part the arms: {'; '.join(troubled)}" if troubled else "none parts the arms"
    return Answer(f"{count(len(rows), 'lifecycle row')} over {count(len(found), 'pair')}: {told}.", trials=_ids(found))


def updates(run: Run) -> str:
    """What the update level of the certificates says, as a sentence; "" where none has it."""
    found = {_name(item): _of_level(item, "update") for item in certificates(run).values()}
    found = {name: rows for name, rows in found.items() if rows}
    apart = [name for name, rows in found.items() if any(row.outcome == "different" for row in rows)]
    if not found:
        return ""
    same = f"{len(found) - len(apart)} of {count(len(found), 'certified pair')} take the same optimizer steps"
    return f"{same}; {listed(apart)} do not" if apart else same


def _lifecycle(item: CertifyEvidence) -> list[Finding]:
    return _of_level(item, "lifecycle", "state")


def _of_level(item: CertifyEvidence, *levels: str) -> list[Finding]:
    return [finding for finding in item.certificate.findings if finding.level in levels]


def _name(item: CertifyEvidence) -> str:
    cell = item.trial.cell
    return f"{cell.family} {cell.candidate} vs {cell.baseline} ({cell.frontend})"


def _ids(found: Sequence[CertifyEvidence]) -> tuple[str, ...]:
    return tuple(item.trial.id for item in found)
