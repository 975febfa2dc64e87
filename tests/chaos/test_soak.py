"""The soak in short: the command, with few trials and many kills."""

import os
import subprocess
import sys

import pytest
from command_line import HERE, ROOT


@pytest.mark.fault("thousands of tiny trials, some of which kill their worker", "none lost, none doubled, no growth")
def test_soak_of_a_few_trials_loses_and_doubles_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--trials", "60", "--minutes", "0", "--kills", "0.1"]
    environment = {**os.environ, "PYTHONPATH": HERE}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=280, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 trials, 8 kills, 8 trials with more than one attempt" in done.stdout
    assert "nothing lost, nothing doubled" in done.stdout
