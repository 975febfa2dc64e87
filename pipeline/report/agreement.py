"""The table of agreement with one device, in words that HTML and Markdown share."""

from collections.abc import Sequence

from pipeline.analysis.wording import number
from pipeline.records import CellAgreement, CellSummary, Record
from pipeline.report.anchors import cell_anchor
from pipeline.report.tables import pair, setting

_FIRST = ("differs", "not judged", "agrees")


class AgreementRow(Record, frozen=True):
    """One cell: how far its arms ended from one device, the worst over seeds and arms."""

    anchor: str
    pair: str
    data: str
    setting: str
    weights: str
    train_loss: str
    metrics: str
    replicas: str
    tolerance: str
    verdict: str


def agreement_rows(summaries: Sequence[CellSummary]) -> tuple[AgreementRow, ...]:
    """Every cell that was compared with one device, those that differ first."""
    compared = [(item, item.agreement) for item in summaries if item.agreement]
    in_order = sorted(compared, key=lambda found: _FIRST.index(found[1].verdict))
    return tuple(_row(summary, agreement) for summary, agreement in in_order)


def _row(summary: CellSummary, agreement: CellAgreement) -> AgreementRow:
    cell = summary.cell
    return AgreementRow(
        anchor=cell_anchor(cell.label),
        pair=pair(cell),
        data=cell.data,
        setting=setting(cell),
        weights=_named(agreement.weights, agreement.weights_of),
        train_loss=number(agreement.train_loss, 2),
        metrics=number(agreement.metrics, 2),
        replicas=_replicas(agreement),
        tolerance=number(agreement.tolerance, 2) if agreement.verdict != "not judged" else "none",
        verdict=agreement.verdict,
    )


def _replicas(agreement: CellAgreement) -> str:
    if not agreement.replicas_of:
        return "one replica"
    return _named(agreement.replicas, agreement.replicas_of) if agreement.replicas else "equal"


def _named(value: float, name: str) -> str:
    """`3.2e−6, class arm's kernel`."""
    return f"{number(value, 2)}, {name}" if value else "0"
