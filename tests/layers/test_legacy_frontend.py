"""What holds of arms, families and article examples holds under tf_keras too: the same tests, in other processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.frontend import IS_KERAS_3

HERE = Path(__file__).parent
LONG = ("test_family_certificates.py", "test_family_training.py")
# Whatever the frontend.
ONCE = (
    "test_legacy_frontend.py",
    "test_family.py",
    "test_outside.py",
    "test_registry.py",
    "test_source.py",
)  # whatever the frontend
SHORT = tuple(sorted({file.name for file in HERE.glob("test_*.py")} - {*LONG, *ONCE}))


@pytest.mark.skipif(not IS_KERAS_3, reason="this process is the one with tf_keras")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("tests", [SHORT, *((file,) for file in LONG)], ids=["short", *LONG])
def test_the_same_holds_under_tf_keras(tests):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(str(HERE / name) for name in tests)]
    done = subprocess.run(command, env={**os.environ, "PARITY_FRONTEND": "tf_keras"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
