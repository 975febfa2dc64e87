"""Training keeps its promises under tf_keras too: the same tests, the main ones, in a process of that frontend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.frontend import IS_KERAS_3

HERE = Path(__file__).parent
MAIN = "mirrored or arms_train_to or arms_train_alike or warm_process or lambda or same_draws or sparse_gradient"


@pytest.mark.skipif(not IS_KERAS_3, reason="this process is the one with tf_keras")
def test_training_holds_under_tf_keras():
    tests = [str(HERE / f"test_{name}.py") for name in ("training_arms", "optimizers", "run", "transplant")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", MAIN, *tests]
    done = subprocess.run(command, env={**os.environ, "PARITY_FRONTEND": "tf_keras"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
