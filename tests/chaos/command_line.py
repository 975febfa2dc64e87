"""`parity run` as a process of its own, to be killed, interrupted and starved."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.records import TrainEvidence
from pipeline.store.run_directory import RunDirectory

ROOT = Path(__file__).parents[2]
HERE = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
CONFIG = ROOT / "tests" / "chaos" / "small.yaml"
LIMIT = 240.0


class Run:
    """One start of the command."""

    def __init__(self, folder: Path, overrides: Sequence[str], environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "run", str(CONFIG), *overrides, "--run-dir", str(folder)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for(self, pattern: str, count: int = 1) -> None:
        """Until the run directory has so many files that match."""
        deadline = time.monotonic() + LIMIT
        while len(list(self.folder.glob(pattern))) < count:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{pattern} did not come: {self.end()}")
            time.sleep(0.02)

    def wait(self, seconds: float) -> None:
        """So long, or until it ends."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def send(self, number: int) -> None:
        """As a terminal does: to all of the foreground."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def tell(self, number: int) -> None:
        """To the driver alone."""
        self._process.send_signal(number)

    def end(self) -> tuple[int, str, str]:
        """Waits for it: exit code, stdout, stderr.  One that takes too long is killed, and that is an error."""
        try:
            out, err = self._process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self._process.returncode, out, err

    def kill(self) -> None:
        """-9, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def results(folder: Path) -> dict[str, Any]:
    """What training gave, bit for bit, without what depends on the clock."""
    found = RunDirectory.existing(folder).finished().values()
    return {
        item.trial.label: [(arm.metrics, arm.train_loss, arm.held_out, arm.weights_digest) for arm in item.arms]
        for item in found
        if isinstance(item, TrainEvidence)
    }


def reported(folder: Path) -> Any:
    """The report's verdicts with all they rest on, and its failures."""
    document = json.loads((folder / "report" / "report.json").read_text())
    return [document[part] for part in ("exit_code", "families", "cells", "failures", "set_aside")]


def stamps(folder: Path) -> dict[str, int]:
    """When each record of evidence was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "evidence").glob("*.json")}
