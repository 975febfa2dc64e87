"""The verdicts and the certificates as Markdown."""

from collections.abc import Iterable

from pipeline.records import CellSummary, CertifyEvidence, Run
from pipeline.report import certificate_text

_HEADER = "| cell | verdict | why |\n| --- | --- | --- |\n"


def verdict_table(summaries: Iterable[CellSummary]) -> str:
    """One row per cell, in the order given."""
    return _HEADER + "".join(f"| {_cell(s.cell.label)} | **{s.verdict}** | {_cell(s.sentence)} |\n" for s in summaries)


def certificate_texts(run: Run) -> dict[str, str]:
    """By tag, each certificate in words as the terminal shows it."""
    return {
        f"certificates/{item.trial.label}": _fenced(certificate_text.lines(item.certificate))
        for item in run.evidence
        if isinstance(item, CertifyEvidence)
    }


def _fenced(lines: Iterable[str]) -> str:
    return "\n".join(("~~~text", *lines, "~~~")) + "\n"


def _cell(words: str) -> str:
    """The words on one line, without the bar that would end the cell."""
    return " ".join(words.split()).replace("|", "\\|")
