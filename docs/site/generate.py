"""The pages of docs/reference that are made of the code, and the tables that other pages take from words.yaml.

    python docs/site/generate.py            (make reference)

A test fails where a page is not what this would write.
"""

import argparse
import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pipeline import cli, explain
from pipeline.config import Experiment

ROOT = Path(__file__).parents[2]
MADE = "<!-- made by docs/site/generate.py: make reference -->"
Row = tuple[str, ...]


def pages() -> dict[Path, str]:
    """Every page by its path in the repository, with the text that it should have."""
    made = {
        Path("docs/reference/words.md"): words(),
        Path("docs/reference/command-line.md"): commands(),
        Path("docs/reference/config-schema.md"): config(),
    }
    for page in (Path("README.md"), Path("docs/how-to/read-a-certificate.md"), Path("docs/explanation/levels.md")):
        made[page] = filled((ROOT / page).read_text(encoding="utf-8"))
    return made


def filled(text: str) -> str:
    """The page with every table between `<!-- words: NAME -->` and `<!-- end -->` as words.yaml has it."""

    def replaced(found: re.Match[str]) -> str:
        return f"<!-- words: {found[1]} -->\n{TABLES[found[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- words: (\w+) -->\n.*?<!-- end -->", replaced, text, flags=re.DOTALL)


def words() -> str:
    """Each word with all that is said of it, by kind."""
    parts = ["# Words", MADE, "What `parity explain WORD` prints."]
    for kind in explain.KINDS:
        parts.append(f"## {kind.capitalize()}s")
        for word in explain.every():
            if word.kind == kind:
                said = "\n".join(f"- **{label}**: {text}" for label, text in explain.parts(word))
                parts.append(f"### {word.name}\n\n{said}")
    return "\n\n".join(parts) + "\n"


def commands() -> str:
    """Each command with its arguments."""
    parser = cli._parser()
    parts = ["# Command line", MADE, f"```text\n{parser.description.strip()}\n```", f"```text\n{parser.epilog}```"]
    for name, command in _subcommands(parser).items():
        rows = [(_spelled(action), action.help or "") for action in command._actions if action.dest != "help"]
        parts.append(f"## parity {name}\n\n{command.description}\n\n{table(('argument', 'meaning'), rows)}")
    return "\n\n".join(parts) + "\n"


def config() -> str:
    """Each key with its type and default."""
    rows = list(_keys("", Experiment))
    about = "Every key that a config may have, as the schema has it. [Config keys](../config.md) says what each means."
    return "\n\n".join(["# Config schema", MADE, about, table(("key", "type", "default"), rows)]) + "\n"


def table(columns: Row, rows: list[Row]) -> str:
    """As Markdown."""
    lines = [columns, tuple("---" for _ in columns), *(tuple(_cell(text) for text in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _of(kind: str, *fields: str, only: tuple[str, ...] = ()) -> list[Row]:
    chosen = [word for word in explain.every() if word.kind == kind and (not only or word.name in only)]
    return [(f"`{word.name}`", *(getattr(word, field) for field in fields)) for word in chosen]


CERTIFIED = ("proven", "identical", "equivalent", "different", "inconclusive")
TABLES: Mapping[str, Any] = {
    "verdicts": lambda: table(("verdict", "says", "does not say"), _of("verdict", "says", "limits", only=CERTIFIED)),
    "cells": lambda: table(("verdict", "what was found"), _of("verdict", "cell")),
    "levels": lambda: table(
        ("level", "a difference here means", "a pass here does **not** mean"), _of("level", "says", "limits")
    ),
    "outcomes": lambda: table(("outcome", "means"), _of("outcome", "says")),
    "checks": lambda: table(
        ("check", "level", "looks at"),
        [(f"`{word.name}`", word.within, word.says) for word in explain.every() if word.kind == "check"],
    ),
}


def _keys(prefix: str, schema: type) -> Iterator[Row]:
    hints = get_type_hints(schema)
    for field in dataclasses.fields(schema):
        name, hint = f"{prefix}{field.name}", hints[field.name]
        inner = next((part for part in (hint, *get_args(hint)) if dataclasses.is_dataclass(part)), None)
        if inner is None or inner is not hint:
            yield f"`{name}`", f"`{_type(hint)}`", _default(field)
        if inner is not None:
            many = {list: "[].", dict: ".NAME."}.get(get_origin(hint), ".")
            yield from _keys(f"{name}{many}", inner)


def _type(hint: Any) -> str:
    return re.sub(
        r"\b(?:\w+\.)+(\w+)", r"\1", hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    )


def _default(field: "dataclasses.Field[Any]") -> str:
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
        return (
            ""
            if any(dataclasses.is_dataclass(item) for item in (value if isinstance(value, list) else ()))
            else f"`{value}`"
        )
    return "" if field.default in (dataclasses.MISSING, "") else f"`{field.default}`"


def _subcommands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    return next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices


def _spelled(action: argparse.Action) -> str:
    shown = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    if not action.option_strings:
        return f"`{shown}`" + (" …" if action.nargs == "*" else "")
    return f"`{action.option_strings[-1]}`" if action.nargs == 0 else f"`{action.option_strings[-1]} {shown}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for path, text in pages().items():
        (ROOT / path).write_text(text, encoding="utf-8")
        print(f"written: {path}")
