"""The process that loads arms anew: launched when first asked for and kept, since it takes seconds to start."""

import atexit
import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path


class Loader:
    """One process, one folder at a time.  It ends with this process, or when it takes too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._busy = False

    def warm(self) -> None:
        """Launches the process, if there is none, without waiting for it."""
        if self._process is not None and self._process.poll() is None:
            return
        self.kill()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.certify.reload"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is this process' to handle
        )
        atexit.register(self.kill)

    def give(self, folder: Path) -> None:
        """Has the arms in a folder loaded."""
        if self._busy:
            self.kill()
        self.warm()
        stdin = self._process.stdin if self._process else None
        if stdin is not None:
            stdin.write(f"{folder}\n".encode())
            stdin.flush()
            self._busy = True

    def finished(self, seconds: float) -> bool:
        """Whether the folder was dealt with in time."""
        if not self._busy or self._process is None or self._process.stdout is None:
            return False
        ready, _, _ = select.select([self._process.stdout], [], [], max(0.1, seconds))
        if ready:
            self._busy = not self._process.stdout.readline()
        return bool(ready)

    def abandon(self) -> None:
        """Forgets the folder at hand, whether or not it was dealt with."""
        if self._busy:
            self.kill()

    def kill(self) -> None:
        """Ends the process; the next folder gets a new one."""
        process, self._process, self._busy = self._process, None, False
        if process is not None:
            atexit.unregister(self.kill)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    stream.close() if stream else None
            process.kill()
            process.wait()


LOADER = Loader()
