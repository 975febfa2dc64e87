"""Certificates and runs as a notebook shows them: a small piece of HTML that brings its own looks and no request."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import jinja2

from pipeline.analysis.verdicts import SEVERITY
from pipeline.analysis.wording import count
from pipeline.records import CellSummary, Certificate, Run
from pipeline.report.certificate_text import Section, headline, sections
from pipeline.report.templating import environment

# Beside the words, which tell the same: told apart by people of any colour vision, on light and on dark.
TONES: Mapping[str, str] = {"different": "#c2410c", "inconclusive": "#a16207"}
SAME = "#15803d"
SHOWN_OPEN = ("Beside the verdict", "Counterexample")


def certificate_html(certificate: Certificate) -> str:
    """The verdict, the counterexample if there is one; all else folded away."""
    title, about = headline(certificate)
    every = list(sections(certificate))
    shown = [section for section in every if section.title.startswith(SHOWN_OPEN)]
    folded = [section for section in every if section not in shown]
    return _render(title, about, certificate.verdict, shown, folded)


def run_html(run: Run, summaries: Sequence[CellSummary], report: Path | None) -> str:
    """The verdict of each cell; what failed; where the report is."""
    cells = tuple((item.cell.label, item.verdict, item.sentence) for item in summaries)
    failed = tuple((item.trial.label, item.category, item.message) for item in run.failures)
    worst = max((item.verdict for item in summaries), key=SEVERITY.index, default="inconclusive")
    about = (
        f"{run.name}: {count(len(cells), 'cell')}, {len(run.evidence)} of {count(len(run.plan.trials), 'trial')} done"
    )
    shown = [Section("Cells", ("cell", "verdict", "in words"), cells)]
    shown += [Section("Failed", ("trial", "category", "why"), failed)] if failed else []
    where = f"{about} · report: {report}" if report else f"{about} · no report yet: parity report"
    return _render(run.question or run.name, where, worst, shown, [])


def _render(title: str, about: str, verdict: str, shown: Sequence[Section], folded: Sequence[Section]) -> str:
    tone = TONES.get(verdict, SAME)
    template = _environment().get_template("notebook.html")
    return template.render(title=title, about=about, tone=tone, open=shown, closed=folded)


@cache
def _environment() -> jinja2.Environment:
    return environment({})
