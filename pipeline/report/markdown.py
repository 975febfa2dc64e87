"""report.md: the verdicts, short enough for a comment on a pull request."""

import re
from collections.abc import Sequence
from functools import cache

import jinja2

from pipeline.analysis import Claim, compare_published, summarise_families
from pipeline.analysis.certified import certificates
from pipeline.analysis.verdicts import SEVERITY
from pipeline.analysis.wording import count, number, signed
from pipeline.printable import clean
from pipeline.records import REMEDIES, CellSummary, Run
from pipeline.report import tables
from pipeline.report.agreement import agreement_rows
from pipeline.report.cost import family_cost, step_ratio
from pipeline.report.published import published_rows
from pipeline.report.trials import input_note

MOST_ROWS = 40  # with them a comment stays well below the 65,536 characters that code hosts allow
MOST_TEXT = 400
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$@])")


def render_markdown(run: Run, summaries: Sequence[CellSummary], claims: Sequence[Claim]) -> bytes:
    """Every expression is escaped, so that a name with a pipe or a tag in it stays text."""
    agreements, published = agreement_rows(summaries), published_rows(compare_published(run))
    worst_first = sorted(summaries, key=lambda item: -SEVERITY.index(item.verdict))
    families = summarise_families(summaries)
    text = (
        _environment()
        .get_template("report.md")
        .render(
            run=run,
            families=families,
            costs={
                family.family: family_cost([item for item in summaries if item.cell.family == family.family])
                for family in families
            },
            cells=worst_first[:MOST_ROWS],
            omitted=len(worst_first[MOST_ROWS:]),
            agreements=agreements[:MOST_ROWS],
            omitted_agreements=len(agreements[MOST_ROWS:]),
            published=published[:MOST_ROWS],
            omitted_published=len(published[MOST_ROWS:]),
            input_note=input_note(run),
            claims=claims,
            certificates=certificates(run),
            failures=sorted(run.failures, key=lambda item: list(REMEDIES).index(item.category))[:MOST_ROWS],
            failed_categories={item.category for item in run.failures},
            remedies=REMEDIES,
            omitted_failures=len(run.failures[MOST_ROWS:]),
        )
    )
    return text.encode()


def escape_markdown(value: object) -> str:
    """One line of plain text: no markup, no table border, no mention; cut where it is long."""
    line = " ".join(clean(str(value)).split())
    return _SPECIAL.sub(r"\\\1", line if len(line) <= MOST_TEXT else f"{line[: MOST_TEXT - 1]}…")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(  # noqa: S701  Markdown is escaped by finalize, HTML escapes would show
        loader=jinja2.PackageLoader("pipeline.report"),
        finalize=escape_markdown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        count=count, number=number, signed=signed, pair=tables.pair, setting=tables.setting, step_ratio=step_ratio
    )
    return environment
