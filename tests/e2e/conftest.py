"""The command line as a user has it: a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from places import ROOT, SMOKE

Parity = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def parity() -> Parity:
    """Runs `parity` with arguments, in a folder.  Ends it shortly before the test's own time is over."""

    def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=280, check=False)

    return run


@pytest.fixture(scope="session")
def smoke_run(parity: Parity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of configs/smoke.yaml, run once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("e2e") / "smoke"
    done = parity("run", SMOKE, "--run-dir", folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder
