"""Nodes are asked whether they can write before they get trials."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.cluster.probe import trouble

MOUNTING = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]


def test_folder_that_takes_files_is_no_trouble() -> None:
    assert trouble() == ""


def test_folder_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))

    assert trouble() == f"trials can't write to {tmp_path / 'missing'} (No such file or directory)"


@pytest.mark.long
def test_node_that_can_not_write_is_named_with_its_folder() -> None:
    command = [*MOUNTING, sys.executable, str(Path(__file__).with_name("full_node.py"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    seen, after = done.stdout.splitlines()
    name, disk, error = seen.split(maxsplit=2)

    assert error.startswith("node ")
    assert f"({name}): trials can't write to {disk} (No space left on device); free space there" in error
    assert after == "all can write"
