"""The facts about arms and article examples hold under tf_keras too: the same tests, in a process of that frontend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.frontend import IS_KERAS_3

HERE = Path(__file__).parent


@pytest.mark.skipif(not IS_KERAS_3, reason="this process is the one with tf_keras")
def test_arms_and_examples_hold_under_tf_keras():
    tests = [str(HERE / "test_arms.py"), str(HERE / "test_article.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, env={**os.environ, "PARITY_FRONTEND": "tf_keras"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
