"""The verdicts and the certificates as Markdown."""

import re
from collections.abc import Iterable

from pipeline.printable import clean
from pipeline.records import CellSummary, CertifyEvidence, Run
from pipeline.report import certificate_text

_SPECIAL = re.compile(r"[&<>\\`*_{}\[\]!|~]")
_HEADER = "| cell | verdict | why |\n| --- | --- | --- |\n"


def verdict_table(summaries: Iterable[CellSummary]) -> str:
    """One row per cell, in the order given."""
    return _HEADER + "".join(
        f"| {table_cell(s.cell.label)} | **{s.verdict}** | {table_cell(s.sentence)} |\n" for s in summaries
    )


def certificate_texts(run: Run) -> dict[str, str]:
    """By tag, each certificate in words as the terminal shows it."""
    return {
        f"certificates/{item.trial.label}": _fenced(certificate_text.lines(item.certificate))
        for item in run.evidence
        if isinstance(item, CertifyEvidence)
    }


def _fenced(lines: Iterable[str]) -> str:
    """As they stand: the fence is longer than any in them."""
    text = "\n".join(lines)
    fence = max((3, *(len(run) + 1 for run in re.findall("~+", text)))) * "~"
    return f"{fence}text\n{text}\n{fence}\n"


def table_cell(words: str) -> str:
    """The words on one line, as text: what Markdown or HTML would read in them is written as HTML writes it."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", " ".join(clean(words).split()))
