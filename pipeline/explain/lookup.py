"""From a name to the words that answer to it."""

import difflib
from functools import cache
from importlib import resources

import msgspec

from pipeline.errors import ConfigError
from pipeline.explain.word import Word


@cache
def every() -> tuple[Word, ...]:
    """All words, in the order of words.yaml."""
    text = resources.files("pipeline.explain").joinpath("words.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=tuple[Word, ...])


def find(name: str) -> tuple[Word, ...]:
    """Every word of this name: `different` is a verdict and an outcome.  ConfigError, with what is near, for none."""
    wanted = " ".join(name.split())
    found = tuple(word for word in every() if word.answers_to(wanted) or word.answers_to(wanted.lower()))
    if not found:
        near = difflib.get_close_matches(wanted.lower(), [word.name.lower() for word in every()], n=3)
        remedy = f"did you mean {' or '.join(map(repr, near))}?" if near else "`parity explain` lists every word"
        raise ConfigError(f"explain {wanted}", "is no verdict, level, outcome or check", remedy)
    return found
