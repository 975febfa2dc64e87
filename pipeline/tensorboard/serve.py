"""TensorBoard itself, over a run directory, as a process of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, RunDirectoryError
from pipeline.store.layout import Layout

PORTS_TRIED = 10
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Server:
    """A TensorBoard that runs at `url`; it answers a few seconds after it was started."""

    url: str  # ends in a slash
    process: subprocess.Popen[bytes]

    @property
    def over_seeds(self) -> str:
        """Where both arms' bands over seeds are, chosen: of more than 40 runs TensorBoard shows none by itself."""
        return f"{self.url}#custom_scalars&regexInput=seeds%24"

    @property
    def verdicts(self) -> str:
        """Where the verdicts, the costs and the certificates are, chosen."""
        return f"{self.url}#text&regexInput=%5E%5C.%24"

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait()


@contextmanager
def serve(run_dir: Path, host: str = "127.0.0.1", port: int = 6006) -> Iterator[Server]:
    """Runs TensorBoard over the logs in a run directory, on the first free port from `port` on, until the exit.

    RunDirectoryError if there are no logs; ConfigError if `host` is no address of this machine or no port is free.
    """
    logs = Layout(run_dir).tensorboard
    if not logs.is_dir():
        raise RunDirectoryError(str(run_dir), "has no tensorboard folder", "add --rebuild, or give another --run-dir")
    port = _free_port(host, port)
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logs), "--host", host, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield Server(f"http://{host}:{port}/", process)
    finally:
        _stop(process)


def _free_port(host: str, first: int) -> int:
    ports = range(first, first + PORTS_TRIED)
    for port in ports:
        try:
            with socket.create_server((host, port)):
                return port
        except (OSError, OverflowError) as error:
            reason = error
    what = f"TensorBoard can't listen on {host}, ports {ports[0]} to {ports[-1]} ({reason})"
    raise ConfigError("--port", what, "give another --port, or end what uses these")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
