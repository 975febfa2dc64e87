"""What a config's file or override may hold: plain values, few enough, and no text that reads what lies outside it.

`${train.epochs}` stands for another value of the config.  `${name:…}` calls one of OmegaConf's resolvers, of which
`oc.env` reads the environment: it is refused unless the command line allows that name.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from pipeline.errors import ConfigError

MOST_VALUES = 20_000
DEEPEST = 16
MOST_REFERENCES = 10  # each may double what a text holds
LONGEST_TEXT = 10_000  # characters
_LARGEST = 2**63
_SHOWN = 60
_REFERENCE = re.compile(r"\$\{([^${}:]*)(.?)", re.DOTALL)  # what stands before a `:`, a `}` or another `${`
_UNFIT = re.compile("[\0\ud800-\udfff]")  # no file's name and no UTF-8 text can hold these


def check_content(content: Any, where: str, resolvers: Collection[str] = ()) -> None:
    """Raises ConfigError, which names `where` and the key, for the first value that a config can't hold."""
    references = 0
    for count, (key, value) in enumerate(_values(content, where), start=1):
        if count > MOST_VALUES:
            raise ConfigError(where, f"holds more than {MOST_VALUES} values", "shorten its lists, or its aliases")
        if isinstance(value, str):
            references += _check_text(key, value, where, resolvers)
        elif not isinstance(value, bool | int | float | dict | list | None):
            raise ConfigError(where, f"{key} is a {type(value).__name__}", "write text in quotes")
        elif isinstance(value, int) and abs(value) >= _LARGEST:
            raise ConfigError(where, f"{key} is too large a number", "use less than 2**63")
        if references > MOST_REFERENCES:
            raise ConfigError(where, f"holds more than {MOST_REFERENCES} references ${{…}}", "write the values out")


def check_resolved(content: Any, where: str) -> None:
    """Raises ConfigError for text that would be read once more: what is resolved refers to nothing."""
    for key, value in _values(content, where):
        if isinstance(value, str) and "${" in value:
            raise ConfigError(where, f"{key} has ${{ in its text", "leave it out: it begins a reference")


def _values(content: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every key (as a text), container and value, with the dotted key where it stands; not deeper than `DEEPEST`."""
    waiting = [("", content, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > DEEPEST:
            raise ConfigError(where, f"{_short(key)} is nested more than {DEEPEST} deep", "write it flatter")
        yield _short(key) or "it", value
        if isinstance(value, dict):
            for name, each in value.items():
                inner = f"{key}.{name}" if key else str(name)
                yield _short(inner), name
                waiting.append((inner, each, depth + 1))
        elif isinstance(value, list):
            waiting += [(f"{key}[{place}]", each, depth + 1) for place, each in enumerate(value)]


def _check_text(key: str, text: str, where: str, resolvers: Collection[str]) -> int:
    """How many references the text has."""
    if _UNFIT.search(text):
        raise ConfigError(where, f"{key} has a NUL or half a character in its text", "leave it out")
    if len(text) > LONGEST_TEXT:
        raise ConfigError(where, f"{key} is a text of {len(text)} characters", f"use {LONGEST_TEXT} or fewer")
    found = _REFERENCE.findall(text)
    for name, end in found:
        if end == ":" and name.strip() not in resolvers:
            what = f"{key} calls the resolver {_short(name.strip())!r}"
            remedy = f"write the value out, or allow it: --allow-resolver {_short(name.strip())}"
            raise ConfigError(where, what, remedy)
        if end not in (":", "}"):
            raise ConfigError(where, f"{key} has ${{ without a plain key behind it", "write e.g. ${train.epochs}")
    return len(found)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
