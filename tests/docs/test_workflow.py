"""The workflow for pull requests: its form, and its steps, taken out of it and run in a git repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "examples" / "github" / "workflows" / "parity.yml"


def steps() -> dict[str, str]:
    """The commands of the job `certificate` by the names of their steps."""
    found = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["certificate"]["steps"]
    return {step["name"]: step["run"] for step in found if "run" in step}


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a runner does it: bash, ended by the first command that fails."""
    known = {"PYTHONPATH": str(ROOT), "PATH": f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    environment = {**os.environ, **known, **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture
def repository(tmp_path) -> Path:
    """A repository whose target branch has the class; `parity` is this one."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (tmp_path / "bin").mkdir()
    parity = tmp_path / "bin" / "parity"
    parity.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n', encoding="utf-8")
    parity.chmod(0o755)
    shutil.copy(ROOT / "examples" / "refactor.py", folder / "blocks.py")
    (folder / "blocks.py").write_text(_with_block(folder, "class_block"), encoding="utf-8")
    git = "git -c user.name=t -c user.email=t@example.com"
    done = shell(
        f"git init -q && git add . && {git} commit -qm old && git update-ref refs/remotes/origin/main HEAD", folder
    )
    assert done.returncode == 0, done.stderr
    return folder


def _with_block(folder: Path, name: str) -> str:
    text = (folder / "blocks.py").read_text(encoding="utf-8").split("\n\nblock = ")[0]
    return f"{text}\n\nblock = {name}\n"


def compared(repository: Path, name: str) -> subprocess.CompletedProcess[str]:
    """The steps of the workflow, for a pull request that makes `block` this one of the examples."""
    (repository / "blocks.py").write_text(_with_block(repository, name), encoding="utf-8")
    values = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["env"]
    fetched = shell(
        steps()["fetch the block as the target branch has it"], repository, GITHUB_BASE_REF="main", **values
    )
    assert fetched.returncode == 0, fetched.stderr
    return shell(steps()["compare"], repository, **values)


@pytest.mark.long
def test_a_refactoring_passes_and_leaves_a_comment(repository):
    done = compared(repository, "functional_block")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repository / "report.md").read_text(encoding="utf-8").startswith("### = Proven the same")


def test_a_slip_fails_and_its_comment_has_the_counterexample(repository):
    done = compared(repository, "hasty_block")
    assert done.returncode == 1, done.stdout + done.stderr
    comment = (repository / "report.md").read_text(encoding="utf-8")
    assert comment.startswith("### ≠ Different at level values")
    assert "**Counterexample, " in comment
    assert len(comment) < 65_536


def test_it_is_a_workflow_by_the_schema_of_workflows():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_it_comments_on_runs_are_files_that_runs_have():
    training = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["training"]["steps"]
    commands = "\n".join(step.get("run", "") for step in training)
    assert "--run-dir run\n" in commands
    assert "--body-file run/report/report.md" in commands
