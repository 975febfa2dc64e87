"""`parity board` makes a run's logs again, serves them on loopback, and leaves nothing behind."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from places import ROOT


@pytest.fixture
def board(smoke_run):
    shutil.rmtree(smoke_run / "tensorboard")
    command = [sys.executable, "-m", "pipeline", "board", str(smoke_run), "--port", "6206", "--rebuild"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert found
    yield process, found[0]
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdout.close()


def answer(url: str) -> object:
    """The JSON at the address, once TensorBoard has started and read its logs."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                content = json.load(response)
            if content or time.monotonic() > deadline:
                return content
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.3)


def test_board_shows_every_arm_and_ends_on_a_polite_kill(board):
    process, url = board
    assert process.stdout.readline() == f"both arms over seeds: {url}#custom_scalars&regexInput=seeds%24\n"
    runs = answer(url + "data/plugin/scalars/tags")
    arms = [name for name in runs if name.endswith(("/class", "/functional"))]
    assert len(arms) == 2 * 2 * 2
    assert len([name for name in runs if name.endswith("/seeds")]) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 130
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)
