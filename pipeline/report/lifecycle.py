"""What happens to each style in a Keras model's life: saved, loaded, cloned, exported, frozen, called in odd ways."""

from collections import Counter
from collections.abc import Sequence

from pipeline.records import CertifyEvidence, Record


class LifecycleTable(Record, frozen=True):
    """Checks against pairs of styles; a place counts outcomes over the pair's certificates, worst first."""

    pairs: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[tuple[str, int], ...], ...]], ...]


_WORST = ("different", "error", "loud", "inconclusive", "note", "same")


def lifecycle_table(found: Sequence[CertifyEvidence]) -> LifecycleTable:
    """Every lifecycle and state check of every certificate."""
    outcomes: dict[str, dict[str, Counter[str]]] = {}
    pairs = dict.fromkeys(_pair(item) for item in found)
    for item in found:
        for finding in item.certificate.findings:
            if finding.level in ("lifecycle", "state"):
                of_check = outcomes.setdefault(finding.check, {pair: Counter() for pair in pairs})
                of_check[_pair(item)][finding.outcome] += 1
    rows = tuple(
        (
            check,
            tuple(
                tuple(sorted(of_pair.items(), key=lambda each: _WORST.index(each[0]))) for of_pair in places.values()
            ),
        )
        for check, places in outcomes.items()
    )
    return LifecycleTable(tuple(pairs), rows)


def _pair(item: CertifyEvidence) -> str:
    cell = item.trial.cell
    return f"{cell.candidate} against {cell.baseline}"
