"""What the README tells people to type works: its bash blocks are run, its make targets exist."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def lines() -> dict[str, int]:
    """Each command with the exit code that its comment names, else 0."""
    found = [line.partition("#") for block in blocks("bash") for line in block.splitlines() if line.strip()]
    codes = [re.search(r"exit code (\d)", comment) for _, _, comment in found]
    return {line.strip(): int(code[1]) if code else 0 for (line, _, _), code in zip(found, codes, strict=True)}


def commands() -> list[str]:
    return list(lines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder where the README's relative paths lead to the repository, and runs go elsewhere."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("configs", "docs", "examples", "pipeline"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_there_are_commands_to_run():
    assert len(commands()) >= 5
    assert set(commands()) >= LONG


LONG = {"parity doctor", "parity run configs/demo.yaml --dry-run"}


@pytest.mark.parametrize(
    "command", [pytest.param(line, marks=pytest.mark.long if line in LONG else ()) for line in commands()]
)
def test_a_command_of_the_readme_works(command, folder):
    assert command.startswith("parity ")
    arguments = [sys.executable, "-m", "pipeline", *shlex.split(command)[1:]]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == lines()[command], done.stdout + done.stderr


def test_the_code_that_the_readme_shows_is_that_of_the_examples():
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*.py")]
    assert len(blocks("python")) == 2
    for block in blocks("python"):
        assert any(all(part in text for part in block.strip().split("\n\n\n")) for text in files), block


def test_the_suite_of_the_examples_passes(folder):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "examples"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_two_commands_are_make_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", "\n".join(blocks("console")), re.MULTILINE)
    assert named == ["demo", "test", "install"]
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_files_that_documents_link_to_exist():
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert os.path.exists(document.parent / target), f"{document}: {target}"
