"""The command line's own surface.  A change here is a change for every user: say so in CHANGELOG.md."""

import argparse
import subprocess
import sys

import pytest

from pipeline import cli

COMMANDS = {
    "run": ["config", "overrides", "--address", "--run-dir", "--executor", "--dry-run", "--debug"],
    "plan": ["config", "overrides", "--address", "--debug"],
    "report": ["run_dir", "--debug"],
    "board": ["run_dir", "--port", "--debug"],
    "data": ["action", "names", "--debug"],
    "doctor": ["--address", "--debug"],
}


def subcommands() -> dict[str, argparse.ArgumentParser]:
    parser = cli._parser()
    return next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices


def test_the_commands_are_frozen():
    assert list(subcommands()) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_arguments_of_a_command_are_frozen(name):
    actions = [a for a in subcommands()[name]._actions if not isinstance(a, argparse._HelpAction)]
    assert [a.option_strings[-1] if a.option_strings else a.dest for a in actions] == COMMANDS[name]


def test_help_names_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"  {code}  " in shown for code in range(5))


def test_help_needs_neither_tensorflow_nor_ray():
    code = "import sys, pipeline.cli as c; c._parser(); print({'tensorflow', 'ray', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
