"""Every command that any page shows is one that its own parser takes, also where it needs a cluster to run."""

import argparse
import ast
import configparser
import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from documented import PAGES, PROGRAMS, ROOT, commands, mentions

from jobs import run as jobs_run
from pipeline import cli, pytest_plugin

READ = [*PAGES, *(ROOT / name for name in ("README.md", "SECURITY.md", "jobs/README.md"))]
SHOWN = commands(READ, (*PROGRAMS, "kubectl", "docker"))


class ParsedError(Exception):
    """The parser has taken the arguments."""


@pytest.fixture
def only_parsed(monkeypatch):
    """Whatever parses arguments here ends with ParsedError when it has."""
    for name in ("parse_args", "parse_intermixed_args"):
        monkeypatch.setattr(argparse.ArgumentParser, name, _ending(getattr(argparse.ArgumentParser, name)))


def _ending(parse):
    def ended(*arguments, **options):
        raise ParsedError(parse(*arguments, **options))

    return ended


def that_begin(*words: str) -> list[str]:
    return [command for command in SHOWN if command.startswith(words)]


@pytest.mark.parametrize("command", [line for line in that_begin("parity ") if "--help" not in line])
def test_parity_takes_the_arguments(command):
    assert cli._parsed(shlex.split(command)[1:]).command


def test_parity_has_the_commands_and_options_that_lines_mention():
    known = next(a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)).choices
    for command, page in mentions("parity", READ).items():
        _, name, *words = command.split(" ")
        if name == "COMMAND":
            continue
        assert name in known, f"{page}: {command}"
        options = {word for word in words if word.startswith("--")}
        assert options <= set(known[name]._option_string_actions), f"{page}: {command}"


def module_of(command: str) -> str:
    """Of `python -m package.module` or `python package/module.py`."""
    _, first, *rest = command.split(" ")
    return rest[0] if first == "-m" else first.removesuffix(".py").replace("/", ".")


@pytest.mark.parametrize("command", that_begin("python -m jobs."))
@pytest.mark.usefixtures("only_parsed")
def test_a_module_of_jobs_takes_the_arguments(command):
    module = importlib.import_module(module_of(command))
    with pytest.raises(ParsedError):
        module.main(shlex.split(command)[3:])


@pytest.mark.parametrize("command", that_begin("python -m benchmarks.", "python benchmarks/"))
def test_a_benchmark_has_the_options(command):
    """Read off its code: to import one starts TensorFlow."""
    code = ast.parse((ROOT / f"{module_of(command).replace('.', '/')}.py").read_text(encoding="utf-8"))
    known = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
    assert {word for word in shlex.split(command) if word.startswith("--")} <= known


def test_modules_that_lines_mention_are_there():
    for command, page in mentions("python", READ).items():
        assert importlib.util.find_spec(module_of(command)), f"{page}: {command}"


def test_what_a_job_runs_takes_the_arguments(monkeypatch):
    heard = []
    monkeypatch.setattr("pipeline.cli.main", lambda argv: heard.append(cli._parsed(argv)) or 0)
    assert jobs_run.main(["configs/demo.yaml", "--run-dir", "/runs/demo", "seeds=[0]"]) == 0
    assert (heard[0].run_dir, heard[0].overrides) == (Path("/runs/demo"), ["seeds=[0]"])


@pytest.fixture
def ray(monkeypatch):
    """Ray's command line, which ends with ParsedError where it has the arguments of a command."""
    from ray.scripts.scripts import cli as command_line

    def ended(command, context):
        if not isinstance(command, click.Group):
            raise ParsedError(context.params)

    monkeypatch.setattr(click.Command, "invoke", ended)
    return command_line


@pytest.mark.parametrize("command", that_begin("ray "))
def test_ray_takes_the_arguments(command, ray):
    with pytest.raises(ParsedError):
        ray.main(shlex.split(command)[1:], standalone_mode=False)


def test_ray_has_the_commands_and_options_that_lines_mention(ray):
    for command in mentions("ray", READ):
        with pytest.raises((ParsedError, click.MissingParameter, click.BadOptionUsage)):  # named, and no more
            ray.main(shlex.split(command)[1:], standalone_mode=False)


@pytest.mark.parametrize("command", that_begin("pip install "))
def test_an_extra_that_is_installed_is_one_of_ours(command):
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    (extra,) = re.findall(r"layerparity\[([a-z0-9-]+)\]", command)
    assert extra in setup["options.extras_require"]


@pytest.mark.parametrize("command", that_begin("pytest "))
def test_pytest_takes_the_arguments(command):
    parser = pytest.Parser(_ispytest=True)
    pytest_plugin.pytest_addoption(parser)
    _, unknown = parser.parse_known_and_unknown_args(shlex.split(command)[1:])
    assert unknown == []


@pytest.mark.parametrize("command", that_begin("kubectl ", "docker ", "ray up "))
def test_the_files_that_a_cluster_is_made_of_are_there(command):
    files = [word for word in command.split() if word.endswith(".yaml")]
    assert files
    assert all((ROOT / file).is_file() for file in files)


def test_the_profiles_of_the_compose_file_are_those_that_pages_mention():
    services = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    known = {profile for service in services for profile in service.get("profiles", ())}
    named = [re.search(r"--profile (\S+)", command) for command in mentions("docker compose", READ)]
    assert {found[1] for found in named if found} == known
