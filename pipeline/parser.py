"""argparse as this product uses it: its exit code for usage errors, key=value anywhere, options that several take."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn, TypeAlias

USAGE_ERROR = 3


class Parser(argparse.ArgumentParser):
    """A parser whose errors have the exit code that this product gives to usage errors."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"parity: {message}\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def parsed(parser: Parser, argv: Sequence[str] | None) -> argparse.Namespace:
    """argparse takes no more key=value after an option; this does."""
    arguments, rest = parser.parse_known_args(argv)
    if rest and ("overrides" not in arguments or any(text.startswith("-") for text in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.overrides += rest
    return arguments


def add_command(commands: Commands, name: str, text: str, call: object) -> Parser:
    """A command that `text` describes, and which `call` runs."""
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=call)
    return parser


def add_json(parser: argparse._ActionsContainer) -> None:
    """`--json` of the commands that print tables."""
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout; all else goes to stderr")
