"""A Ray head with token authentication, on loopback and on ports of its own, for tests of jobs."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

READY_SECONDS = 240.0  # some ten on an idle machine
END_SECONDS = 30.0
NOTHING: Mapping[str, Any] = MappingProxyType({})
MARK = "LAYERPARITY_TEST_HEAD"  # in the environment of all that belongs to a head


@dataclass(frozen=True)
class Head:
    """Where its job server and its GCS are, and the environment that speaks to them."""

    address: str
    gcs: str
    environment: Mapping[str, str]


@contextmanager
def ray_head(cpus: int = 2, grows: Mapping[str, Any] = NOTHING) -> Iterator[Head]:
    """Starts it by `ray start --block` and ends it, with every process of it, by their ids.

    `grows`: the config of an autoscaler, whose provider is Ray's fake one.
    """
    mark = f"{os.getpid()}-{time.time()}"
    # Ray starts no node with a made-up GPU where CUDA_VISIBLE_DEVICES hides them.
    others = (name for name in os.environ if not name.startswith("RAY_") and name != "CUDA_VISIBLE_DEVICES")
    usual = {name: os.environ[name] for name in others}
    with tempfile.TemporaryDirectory(prefix="ph", dir="/tmp", ignore_cleanup_errors=True) as folder:
        port, dashboard, agent, client = _free_ports(4)
        environment = usual | {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_DASHBOARD_STARTUP_TIMEOUT_S": str(int(READY_SECONDS)),
            MARK: mark,
            **({"RAY_FAKE_CLUSTER": "1", "AUTOSCALER_UPDATE_INTERVAL_S": "1"} if grows else {}),
        }
        address = ["--node-ip-address", "127.0.0.1", "--dashboard-host", "127.0.0.1", "--temp-dir", folder]
        ports = ["--port", port, "--dashboard-port", dashboard, "--dashboard-agent-listen-port", agent]
        workers = ["--ray-client-server-port", client, "--min-worker-port", "0", "--max-worker-port", "0"]
        size = ["--num-cpus", str(cpus), "--object-store-memory", str(200 * 2**20)]
        ray = shutil.which("ray", path=str(Path(sys.executable).parent)) or "ray"
        growth = _growth(Path(folder) / "grows.yaml", grows, f"127.0.0.1:{port}") if grows else []
        with (Path(folder) / "head.log").open("wb") as log:
            process = subprocess.Popen(
                [ray, "start", "--head", "--block", *address, *ports, *workers, *size, *growth],
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        try:
            _await(int(dashboard), process, Path(folder) / "head.log")
            yield Head(f"http://127.0.0.1:{dashboard}", f"127.0.0.1:{port}", environment)
        finally:
            _end(process, f"{MARK}={mark}")


def _growth(file: Path, grows: Mapping[str, Any], gcs: str) -> list[str]:
    """The options of a head that grows.  The fake provider has to be told where the head is."""
    file.write_text(yaml.safe_dump({**grows, "provider": {**grows["provider"], "gcs_address": gcs}}))
    return ["--autoscaling-config", str(file)]


def _free_ports(count: int) -> list[str]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [str(server.getsockname()[1]) for server in taken]


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(log.read_text())


def _end(process: "subprocess.Popen[bytes]", mark: str) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in _with(mark):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _with(mark: str) -> list[int]:
    """The processes that have this in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found
