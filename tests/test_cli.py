"""The command line's own surface.  A change here is a change for every user: say so in CHANGELOG.md."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import cli
from pipeline.errors import ConfigError

EVERY = ["--debug", "--quiet"]
COMMANDS = {
    "run": [
        "config",
        "overrides",
        "--allow-resolver",
        "--address",
        "--run-dir",
        "--executor",
        "--dry-run",
        "--json",
        *EVERY,
    ],
    "plan": ["config", "overrides", "--allow-resolver", "--address", "--json", *EVERY],
    "compare": [
        "baseline",
        "candidate",
        "--inputs",
        "--json",
        "--html",
        "--markdown",
        "--weights-map",
        "--levels",
        "--tolerance",
        "--optimizers",
        "--frontend",
        "--dtype-policy",
        "--batch",
        "--seed",
        "--time-limit",
        "--strict-lifecycle",
        *EVERY,
    ],
    "report": ["run_dir", "--json", *EVERY],
    "status": ["run", "--address", "--json", *EVERY],
    "diff": ["before", "after", "--json", "--markdown", *EVERY],
    "board": ["run_dir", "--port", "--rebuild", *EVERY],
    "data": ["action", "names", "--json", *EVERY],
    "doctor": ["--address", "--json", *EVERY],
    "selftest": ["--split", "--subset", "--processes", "--time-limit", "--json", *EVERY],
    "init": ["name", "--kind", "--into", *EVERY],
    "explain": ["words", "--json", *EVERY],
    "export": ["tool", "run_dir", "--tracking-uri", "--experiment", *EVERY],
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


def test_the_package_needs_tensorflow_only_when_a_comparison_is_asked_for():
    code = "import sys, pipeline, pipeline.testing; pipeline.InputSpec((3,)); print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_package_says_that_it_lacks_a_name():
    with pytest.raises(AttributeError, match="module 'pipeline' has no attribute 'contrast'"):
        pipeline.contrast  # noqa: B018 - the access is what is tested


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--batch", "1,x"], "argument --batch: 'x' is not a whole number of 1 or more"),
        (["--tolerance", "much"], "argument --tolerance: invalid float value: 'much'"),
        (["--frontend", "jax"], "argument --frontend: invalid choice: 'jax'"),
    ],
)
def test_an_option_of_compare_that_makes_no_sense_is_a_usage_error(capsys, arguments, says):
    with pytest.raises(SystemExit) as ended:
        cli.main(["compare", "a:b", "a:b", "--inputs", "float32[3]", *arguments])
    assert ended.value.code == cli.USAGE_ERROR
    assert says in capsys.readouterr().err


def test_a_key_may_stand_after_an_option(tmp_path):
    arguments = cli._parsed(["run", "c.yaml", "seeds=[0]", "--run-dir", str(tmp_path), "train.epochs=1"])
    assert arguments.overrides == ["seeds=[0]", "train.epochs=1"]


@pytest.mark.parametrize("argv", [["run", "c.yaml", "--rundir", "here"], ["report", "here", "more"]])
def test_what_a_command_does_not_know_is_refused(argv, capsys):
    with pytest.raises(SystemExit, match="3"):
        cli._parsed(argv)
    assert "unrecognized arguments: " in capsys.readouterr().err


def test_help_begins_with_first_steps_that_parse(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    steps = re.findall(r"^  (parity .*?)(?:   |$)", shown, re.MULTILINE)
    assert [shlex.split(step)[1] for step in steps] == ["doctor", "compare", "init", "run", "explain"]
    for step in steps:
        cli._parsed(shlex.split(step)[1:])


def test_quiet_prints_nothing_and_leaves_the_exit_code(capsys):
    assert cli.main(["explain", "proven", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_quiet_still_prints_errors(capsys):
    assert cli.main(["explain", "prowen", "--quiet"]) == cli.USAGE_ERROR
    assert "did you mean 'proven'?" in capsys.readouterr().err


def test_debug_shows_where_an_error_comes_from():
    with pytest.raises(ConfigError):
        cli.main(["explain", "prowen", "--debug"])


def test_data_as_json_is_one_document(capsys):
    assert cli.main(["data", "list", "mnist_5k", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["kinds"]) == ("mnist_5k", ["vectors"])


def test_a_plan_as_json_names_every_trial(capsys):
    assert cli.main(["plan", "configs/smoke.yaml", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert len(made["trials"]) == made["estimate"]["trials"] == 5


@pytest.mark.parametrize(
    ("line", "offers"), [("parity exp", {"explain", "export"}), ("parity explain prov", {"proven"})]
)
def test_a_shell_is_told_what_may_come_next(line, offers, tmp_path):
    told = tmp_path / "told"
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "|", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    variables = {**os.environ, **asked, "_ARGCOMPLETE_STDOUT_FILENAME": str(told)}
    subprocess.run([sys.executable, "-m", "pipeline"], env=variables, check=True)
    assert {word.strip() for word in told.read_text().split("|")} == offers


def test_bash_completes_after_the_line_of_the_documentation(tmp_path):
    parity = tmp_path / "parity"
    parity.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n', encoding="utf-8")
    parity.chmod(0o755)
    script = """
        eval "$(register-python-argcomplete parity)"
        COMP_LINE="parity exp" COMP_POINT=10 COMP_TYPE=9
        _python_argcomplete parity exp parity
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    places = [str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]
    variables = {**os.environ, "PATH": os.pathsep.join(places)}
    command = ["bash", "--noprofile", "--norc", "-euc", script]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["explain", "export"], done.stderr
