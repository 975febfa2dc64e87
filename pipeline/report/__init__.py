"""A run and its verdicts to files a person or a CI reads.  No TensorFlow, no Ray, no clock, no paths."""

from collections.abc import Sequence

from pipeline.analysis import Claim
from pipeline.records import CellSummary, Run
from pipeline.report.document import render_json
from pipeline.report.flat import render_flat
from pipeline.report.html import render_html
from pipeline.report.junit import render_junit
from pipeline.report.markdown import render_markdown

__all__ = ["render"]


def render(run: Run, summaries: Sequence[CellSummary], claims: Sequence[Claim]) -> dict[str, bytes]:
    """The report's files by name; the same run gives the same bytes."""
    return {
        "index.html": render_html(run, summaries, claims),
        "report.md": render_markdown(run, summaries, claims),
        "report.json": render_json(run, summaries, claims),
        "junit.xml": render_junit(run, summaries),
        **render_flat(run),
    }
