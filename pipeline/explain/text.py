"""Words as plain text: a page for one, a list of all."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from pipeline.explain.word import KINDS, Kind, Word

WIDTH = 100

# What stands before each text of a word, by its kind.
LABELS: Mapping[Kind, Mapping[str, str]] = {
    "verdict": {"says": "It says", "limits": "It does not say", "do": "What to do", "cell": "Of a cell of a run"},
    "level": {"says": "A difference here means", "limits": "A pass does not mean", "do": "What to do"},
    "outcome": {"says": "It says", "limits": "It does not say", "do": "What to do"},
    "check": {"within": "Level", "says": "It looks at", "do": "Where a difference comes from, and what to do"},
}


def parts(word: Word) -> list[tuple[str, str]]:
    """(label, text) of what there is to say."""
    found = [(label, getattr(word, field)) for field, label in LABELS[word.kind].items()]
    return [(label, text) for label, text in found if text]


def lines(word: Word) -> Iterator[str]:
    """The word's page."""
    yield f"{word.name}: {_a(word.kind)}"
    for label, text in parts(word):
        yield ""
        yield f"  {label}"
        yield from textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def listing(words: Iterable[Word]) -> Iterator[str]:
    """All names, by kind."""
    names = [(word.kind, word.name) for word in words]
    for kind in KINDS:
        yield f"{kind}s"
        text = " · ".join(name for found, name in names if found == kind)
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind == "outcome" else f"a {kind}"
