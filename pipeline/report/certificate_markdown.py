"""A certificate as Markdown: a comment on a pull request, or a page of a wiki."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.records import Certificate
from pipeline.report.certificate_text import Section, headline, sections
from pipeline.report.markdown import escape_markdown

MARKS: Mapping[str, str] = {"different": "≠", "inconclusive": "?"}
SAME = "="
MOST = 60_000  # code hosts take 65,536 characters in a comment
CUT = "\n\nCut here: the JSON and the HTML have all of it.\n"
OPEN = ("Beside the verdict", "Counterexample")


def markdown(certificate: Certificate) -> bytes:
    """The verdict and the counterexample; all else folded away.  What comes from user code is escaped."""
    title, about = headline(certificate)
    mark = MARKS.get(certificate.verdict, SAME)
    parts = [f"### {mark} {escape_markdown(title)}", escape_markdown(about)]
    for section in sections(certificate):
        parts += _shown(section) if section.title.startswith(OPEN) else _folded(section)
    text = "\n\n".join(parts) + "\n"
    return (text if len(text) <= MOST else text[:MOST].rsplit("\n\n", 1)[0] + CUT).encode()


def _shown(section: Section) -> Iterator[str]:
    yield f"**{escape_markdown(section.title)}**"
    if section.title.startswith("Counterexample"):
        for name, kind, values in section.rows:
            yield f"{escape_markdown(name)} `{kind}`\n\n{_block(values)}"
    else:
        yield _table(section.columns, section.rows)


def _folded(section: Section) -> Iterator[str]:
    yield f"<details><summary>{escape_markdown(section.title)} ({len(section.rows)})</summary>"
    yield _table(section.columns, section.rows)
    yield "</details>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *([escape_markdown(cell) or " " for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _block(text: str) -> str:
    """Indented, so that no fence in the text can end it."""
    return "\n".join(f"    {line}" for line in text.strip("\n").split("\n"))
