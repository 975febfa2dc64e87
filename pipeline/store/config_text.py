"""Whether two resolved configs are the same, and which keys tell them apart.  To the store a config is a text."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_SHOWN = 6


def differing_keys(old: str, new: str) -> tuple[str, ...]:
    """The dotted keys whose values differ, in order; `(unreadable)` alone if a text is no YAML mapping."""
    try:
        was, now = (dict(_flatten(msgspec.yaml.decode(text))) for text in (old, new))
    except (msgspec.MsgspecError, AttributeError, UnicodeError):
        return ("(unreadable)",)
    return tuple(key for key in sorted(was.keys() | now.keys()) if was.get(key, ...) != now.get(key, ...))


def describe(keys: tuple[str, ...]) -> str:
    """A few of the keys, and how many more there are."""
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more


def _flatten(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, Mapping) and value:
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
