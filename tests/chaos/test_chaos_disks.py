"""A disk that fills up, and one that can't be written to any more, under a real run; both are mounted for the test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import HERE, results

from pipeline.store.run_directory import RunDirectory

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
MOUNTING = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]


@pytest.mark.parametrize(
    ("fault", "what", "remedy"),
    [
        pytest.param(
            *("full", "No space left on device", "free some disk space and run again"),
            marks=pytest.mark.fault("the disk is full (a small tmpfs)", "one error, nothing half-written, resumes"),
        ),
        pytest.param(
            *("read-only", "Read-only file system", "get write permission"),
            marks=pytest.mark.fault("permission to write is lost", "one error, nothing half-written, resumes"),
        ),
    ],
)
def test_run_whose_disk_can_not_be_written_ends_with_one_error_and_resumes(
    fault: str, what: str, remedy: str, tmp_path: Path
) -> None:
    command = [*MOUNTING, sys.executable, str(Path(__file__).with_name("disk_run.py")), fault, str(tmp_path / "run")]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": HERE}, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)

    assert seen["code"] == 3
    assert what in seen["err"]
    assert remedy in seen["err"]
    assert seen["err"].count("parity:") == 1
    assert "Traceback" not in seen["err"]
    assert seen["half"] == []
    assert (seen["again"], seen["kept"]) == (0, True)
    assert len(results(tmp_path / "run")) == 8
    assert RunDirectory.existing(tmp_path / "run").failures() == {}
