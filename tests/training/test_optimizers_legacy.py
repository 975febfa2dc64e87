"""The row-touching optimizers under tf_keras: the same tests in a process of that frontend."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_row_optimizers_hold_under_tf_keras():
    tests = [str(HERE / f"test_optimizers_{name}.py") for name in ("rows", "training")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "not policy and not plain_loop",
        *tests,
    ]
    done = subprocess.run(command, env={**os.environ, "PARITY_FRONTEND": "tf_keras"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
