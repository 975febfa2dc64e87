"""Every command of the documentation is run: here, by `make e2e`, or by the test that is named.

test_doc_arguments.py holds each against its parser besides.
"""

import os
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from documented import PAGES, ROOT, commands

from benchmarks import report_size
from pipeline import cli, config, driver

# What needs a run, a package or a machine of the reader's own: which test does the same with things that are there.
# A key is a command, or a pattern of some.
ELSEWHERE = {
    "parity * s3://*": "tests/e2e/test_e2e_object_store.py",
    "parity board *": "tests/tensorboard/test_serve.py",
    "parity board * --rebuild": "tests/tensorboard/test_rebuild.py",
    "parity export mlflow RUN_DIR --tracking-uri URI": "tests/report/test_mlflow.py",
    "parity plan scaled.yaml": "tests/e2e/test_family_howto.py",
    "parity run * --run-dir s3://*": "tests/e2e/test_e2e_object_store.py",
    "parity status s3://*": "tests/e2e/test_e2e_object_store.py",
    "parity status demo-*": "tests/e2e_cluster/test_cluster_job.py",
    "python -m jobs.submit *": "tests/jobs/test_jobs_submit.py",
    "python -m jobs.fetch *": "tests/jobs/test_jobs_head.py",
    "ray job submit *": "tests/e2e_cluster/test_cluster_job.py",
    "parity run configs/demo.yaml trial=ID": "tests/e2e/test_e2e_run.py",
    "parity run scaled.yaml --executor local --run-dir scaled-run": "tests/e2e/test_family_howto.py",
    "pytest --parity-certificates certificates": "tests/test_pytest_plugin.py",
    "python -m benchmarks.verdict_rates --output docs/verdicts.md": "tests/analysis/test_verdict_rates.py",
    'eval "$(register-python-argcomplete parity)"': "tests/test_cli.py",
}
# Measurements of half an hour, and installations: not run by any test.
NEVER = (
    "pip install ",
    "python -m benchmarks.",
    "python benchmarks/",
)
# On runs of records that are made up, under the names that the documentation gives to runs.
ON_RUNS = ("parity report ", "parity status ", "parity diff ")
RUNS = ("runs/demo", "RUN_A", "RUN_B")
# Modules that the documentation compares, and what each name in them is of examples/refactor.py.
MODULES = {
    "arms.py": {"gather": "class_block", "embedding": "functional_block"},
    "my_blocks.py": {"ClassBlock": "class_block", "functional_block": "functional_block"},
    "old/module.py": {"block": "class_block"},
    "new/module.py": {"block": "functional_block"},
}
QUICK = ("parity --help", "parity compare --help", "parity explain", "parity data list", "parity plan")


def _is(command: str, key: str) -> bool:
    return command == key or fnmatchcase(command, key)


def kind(command: str) -> str:
    if any(_is(command, key) for key in ELSEWHERE):
        return "elsewhere"
    if command.startswith(NEVER):
        return "never"
    for which, begin in (("make", "make "), ("on runs", ON_RUNS), ("compare", "parity compare ")):
        if command.startswith(begin) and command != "parity compare --help":
            return which
    return "quick" if command.startswith(QUICK) else "run" if command.startswith("parity run ") else "unknown"


def those(which: str) -> list[str]:
    return [command for command in commands() if kind(command) == which]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder where relative paths lead to the repository, and runs go elsewhere."""
    folder = tmp_path_factory.mktemp("documented")
    for name in ("configs", "examples", "pipeline", "benchmarks"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="module")
def folder_of_runs(tmp_path_factory) -> Path:
    """A folder with the RUNS."""
    folder = tmp_path_factory.mktemp("with_runs")
    report_size.write(folder / RUNS[0], 330)
    for name in RUNS[1:]:
        (folder / name).symlink_to(RUNS[0])
    return folder


@pytest.fixture(scope="module")
def folder_of_modules(tmp_path_factory) -> Path:
    """A folder with the MODULES."""
    folder = tmp_path_factory.mktemp("with_modules")
    code = (ROOT / "examples" / "refactor.py").read_text(encoding="utf-8")
    for name, arms in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        named = "".join(f"{arm} = {original}\n" for arm, original in arms.items() if arm != original)
        (folder / name).write_text(f"{code}\n\n{named}", encoding="utf-8")
    return folder


def typed(command: str, folder: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "pipeline", *shlex.split(command)[1:]]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        arguments, cwd=folder, env=variables, capture_output=True, text=True, timeout=seconds, check=False
    )


def test_the_documentation_has_commands():
    assert len(commands()) > 25


def test_every_command_is_of_a_kind_that_is_known():
    assert [f"{page}: {command}" for command, page in commands().items() if kind(command) == "unknown"] == []


def test_what_is_said_to_be_tested_elsewhere_is_a_test():
    named = {test for key, test in ELSEWHERE.items() if any(_is(command, key) for command in commands())}
    assert [test for test in named if not (ROOT / test).is_file()] == []


def test_what_make_is_asked_for_are_targets():
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    asked = [word for command in those("make") for word in command.split()[1:] if "=" not in word]
    assert set(asked) <= set(targets)


@pytest.mark.parametrize("command", those("quick"))
def test_a_quick_command_works(command, folder):
    done = typed(command, folder, 120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", those("on runs"))
def test_a_command_on_a_run_works(command, folder_of_runs, monkeypatch, capsys):
    monkeypatch.chdir(folder_of_runs)
    assert cli.main(shlex.split(command.replace(" /runs/", " runs/"))[1:]) == 0
    assert capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("command", those("compare"))
def test_a_comparison_of_the_documentation_gives_a_certificate(command, folder_of_modules):
    done = typed(command, folder_of_modules, 280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Proven the same: ")


@pytest.mark.parametrize("command", those("run"))
def test_a_run_of_the_documentation_can_be_planned(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = cli._parsed(shlex.split(command)[1:])
    made, _, _ = driver.plan_of(config.load(arguments.config, arguments.overrides), str(arguments.config))
    assert made.trials


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("command", those("run"))
def test_a_run_of_the_documentation_ends_with_verdicts(command, folder):
    done = typed(command, folder, 1800)
    assert done.returncode in (0, 1, 2), done.stdout + done.stderr
    assert "report: " in done.stdout


def test_the_numbers_of_the_page_on_sparse_gradients_are_what_keras_gives(capsys):
    page = (ROOT / "docs" / "explanation" / "sparse-gradients.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    exec(compile(block, "sparse-gradients.md", "exec"), {})
    assert f"prints `{capsys.readouterr().out.strip()}` with Keras" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_that_the_documentation_shows_is_python(page):
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        compile(block, str(page), "exec")
