"""A connection to Ray: one started in this process tree, or one to a cluster that is already there.

Which source workers run: a local Ray's workers use this installation.  A cluster that is attached to from outside
gets this `pipeline` package sent along, so its workers run the driver's code and not what their image holds; the
libraries come from the image.  A driver inside a Ray job leaves that to the job's own working_dir.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import ray

from pipeline.cluster.forks import children
from pipeline.cluster.labels import ACCELERATOR_LABEL
from pipeline.cluster.machine import local_capacity
from pipeline.errors import ClusterError
from pipeline.records import Capacity, Node

# Holds a few data sets and the records under way; the default, a third of the memory, takes longer to map.
OBJECT_STORE_BYTES = 512 * 2**20
# Ray's own switch for a Ray of one machine, which then listens for that machine alone; else it does for all.
_ONE_MACHINE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
MESSAGE_LENGTH = 300
PROBE_SECONDS = 5.0
ANSWER_SECONDS = 60.0  # a worker has to start for it
_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
_RAY_ERRORS = (OSError, RuntimeError, ValueError, ray.exceptions.RayError)
_LOCAL = frozenset({"", "local"})
_JOB_VARIABLE = "RAY_JOB_CONFIG_JSON_ENV_VAR"  # Ray sets it for the entrypoint of a job
# Ray gives a node 30 s to come up, and the server of a ray:// connection one chance.
_SLOW = ("timed out during startup", "Starting Ray client server failed")


class _SlowError(ClusterError):
    """Ray was not up in the time that it gives itself."""


@contextmanager
def connected(address: str | None = None) -> Iterator[Capacity]:
    """Connects to Ray and says what it has; what was started here is shut down afterwards.

    `address` is "auto", host:port or ray://host:port; without one RAY_ADDRESS counts, as inside a Ray job; without
    that, a Ray of this machine's own is started.  A process that is connected already stays as it is.
    What was too slow on a busy machine is tried once more.  ClusterError if there is no cluster at the address.
    """
    if ray.is_initialized():
        yield capacity_now()
        return
    address = address or os.environ.get("RAY_ADDRESS", "")
    on_sigterm = signal.getsignal(signal.SIGTERM)
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")  # of tasks that are given up: their worker was killed
    try:
        connect: Callable[[], None] = _start if address in _LOCAL else partial(_attach, address)
        try:
            connect()
        except _SlowError:
            connect()
        _restore(on_sigterm)
        yield capacity_now()
    finally:
        with _undisturbed():
            ray.shutdown()


def _kind(error: Exception) -> type[ClusterError]:
    return _SlowError if any(said in str(error) for said in _SLOW) else ClusterError


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Another Ctrl-C comes too late: it would leave processes of Ray behind, and Ray would end this one its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _restore(on_sigterm: Any) -> None:
    """Ray takes SIGTERM over when it starts; the program that asked for it had better keep its own way to end."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_DFL if on_sigterm is None else on_sigterm)


def is_client() -> bool:
    """Whether this connection is a ray:// one, which can't stream from a task."""
    return bool(ray.util.client.ray.is_connected())


def _start() -> None:
    here, before = local_capacity(), children()
    try:
        with _on_loopback():
            ray.init(
                address="local",
                num_cpus=int(here.cpus),
                num_gpus=int(here.gpus),
                object_store_memory=OBJECT_STORE_BYTES,
                include_dashboard=False,
                **_QUIET,
            )
    except Exception as error:  # a bare one where the machine is too busy to start it in time
        for process in children() - before:  # Ray leaves those that it had started by then
            os.kill(process, signal.SIGKILL)
        kind = _kind(error)
        remedy = "free space in /tmp and /dev/shm, or use --executor local"
        raise kind("this machine", f"Ray can't be started here ({_short(error)})", remedy) from error


@contextmanager
def _on_loopback() -> Iterator[None]:
    constants, before = ray._private.ray_constants, os.environ.get(_ONE_MACHINE)
    in_general, constants.ENABLE_RAY_CLUSTER = constants.ENABLE_RAY_CLUSTER, False  # read when Ray was imported
    os.environ[_ONE_MACHINE] = "0"  # for the processes that it starts
    try:
        yield
    finally:
        constants.ENABLE_RAY_CLUSTER = in_general
        del os.environ[_ONE_MACHINE]
        if before is not None:
            os.environ[_ONE_MACHINE] = before


def _attach(address: str) -> None:
    if address != "auto":
        _probe(address)
    options: dict[str, Any] = {}
    if _JOB_VARIABLE not in os.environ:
        options["runtime_env"] = {"py_modules": [str(Path(__file__).parents[1])]}
    try:
        ray.init(address=address, **options, **_QUIET)
    except _RAY_ERRORS as error:
        kind = _kind(error)
        raise _unreachable(address, _short(error), kind) from error
    _check_answer(address)


def _answer() -> Iterator[int]:
    yield os.getpid()


def _check_answer(address: str) -> None:
    """Has a worker call back once.

    What workers send to a driver they can't reach (a firewall, another RAY_AUTH_MODE) is lost in silence, and the
    driver would wait for ever.
    """
    if is_client():
        return
    answer = ray.remote(num_cpus=0, num_returns="streaming")(_answer).remote()
    ready, _ = ray.wait([answer], timeout=ANSWER_SECONDS)
    if not ready:
        why = f"no worker of it could call this process back within {ANSWER_SECONDS:.0f} s"
        raise _unreachable(address, f"{why}: RAY_AUTH_MODE must be the same on both sides, and no firewall between")


def _probe(address: str) -> None:
    """Asks for a gRPC answer first: Ray itself tries for more than a minute, and may then end the process."""
    if os.environ.get("RAY_USE_TLS", "0") not in {"0", "false"}:
        return
    channel = grpc.insecure_channel(address.removeprefix("ray://"), options=(("grpc.enable_http_proxy", 0),))
    try:
        grpc.channel_ready_future(channel).result(timeout=PROBE_SECONDS)
    except grpc.FutureTimeoutError as error:
        raise _unreachable(address, f"no answer within {PROBE_SECONDS:.0f} s") from error
    finally:
        channel.close()


def _unreachable(address: str, why: str, kind: type[ClusterError] = ClusterError) -> ClusterError:
    remedy = (
        "check the address and that the cluster is up (`ray status`), or leave --address out to run on this machine"
    )
    return kind(f"--address {address}", f"no Ray cluster can be reached ({why})", remedy)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:MESSAGE_LENGTH]


def capacity_now() -> Capacity:
    """What the cluster that this process is connected to has at the moment."""
    nodes = tuple(_node(node["Resources"], node["Labels"]) for node in ray.nodes() if node["Alive"])
    return Capacity(
        cpus=sum(node.cpus for node in nodes),
        gpus=sum(node.gpus for node in nodes),
        tpus=sum(node.tpus for node in nodes),
        nodes=nodes,
    )


def _node(has: Mapping[str, float], labels: Mapping[str, str]) -> Node:
    cpus, gpus, tpus = (has.get(unit, 0.0) for unit in ("CPU", "GPU", "TPU"))
    return Node(cpus, gpus, tpus, labels.get(ACCELERATOR_LABEL, ""))
