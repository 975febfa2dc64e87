"""A certificate on a terminal."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.records import Certificate
from pipeline.report.certificate_text import Section, headline, sections

_STYLES = {
    "proven": "bold green",
    "identical": "bold green",
    "equivalent": "bold green",
    "different": "bold red",
    "inconclusive": "bold yellow",
    "error": "bold red",
    "loud": "yellow",
    "same": "green",
    "note": "dim",
    "equal": "green",
    "not equal": "yellow",
}


def renderable(certificate: Certificate) -> RenderableType:
    """The verdict's sentence first, then a table a section.  Nothing of it is read as markup."""
    sentence, about = headline(certificate)
    parts = [Padding(_table(section), (1, 0, 0, 0)) for section in sections(certificate)]
    return Group(Text(sentence, style=_STYLES[certificate.verdict]), Text(about, style="dim"), *parts)


def _table(section: Section) -> Table:
    table = Table(
        title=Text(section.title, style="bold"),
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="dim",
        show_header=len(section.columns) > 2,
    )
    shown = [at for at in range(len(section.columns)) if any(row[at] for row in section.rows)]
    for column in (section.columns[at] for at in shown):
        table.add_column(column, overflow="fold", no_wrap=column in ("outcome", "time"))
    for row in section.rows:
        table.add_row(*(Text(row[at].strip("\n"), style=_STYLES.get(row[at], "")) for at in shown))
    return table
