"""The verdicts as a Markdown table."""

from collections.abc import Iterable

from pipeline.records import CellSummary

_HEADER = "| cell | verdict | why |\n| --- | --- | --- |\n"


def verdict_table(summaries: Iterable[CellSummary]) -> str:
    """One row per cell, in the order given."""
    return _HEADER + "".join(f"| {_cell(s.cell.label)} | **{s.verdict}** | {_cell(s.sentence)} |\n" for s in summaries)


def _cell(words: str) -> str:
    """The words on one line, without the bar that would end the cell."""
    return " ".join(words.split()).replace("|", "\\|")
