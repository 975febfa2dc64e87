"""Whether trials can write where they must, on every node that may get one, before the first is sent.

That is a node's temporary folder and nothing else: saved models, traces and compilers' files go there.  Data come from
Ray's object store, and what trials give goes back through Ray; the run directory is the driver's alone.
"""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from pipeline.cluster.session import is_client
from pipeline.errors import ClusterError

PROBE_BYTES = 2**20
ANSWER_SECONDS = 60.0  # a worker has to start for it; a node that takes longer is not held up for that


def check_nodes() -> None:
    """ClusterError, with node, folder and reason, if trials can't write on a node of the cluster.

    Where this process is on the only node, it tries itself.
    """
    nodes = {node["NodeID"]: node["NodeName"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")}
    if not is_client() and set(nodes) <= {ray.get_runtime_context().get_node_id()}:
        found = [(socket.gethostname(), trouble())]
    else:
        found = list(_answers(nodes))
    for name, what in found:
        if what:
            remedy = "free space there, set TMPDIR for its Ray processes, or take the node out of the cluster"
            raise ClusterError(f"node {name}", what, remedy)


def trouble() -> str:
    """What keeps this process from writing to its temporary folder; "" if nothing does."""
    folder = os.environ.get("TMPDIR", "its temporary folder")
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile() as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return f"trials can't write to {folder} ({error.strerror or error})"
    return ""


def _answers(nodes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The name of each node that answers, and what it says."""
    ask = ray.remote(num_cpus=0, max_retries=0)(trouble)
    asked = {
        ask.options(
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)
        ).remote(): f"{name} ({node[:8]})"
        for node, name in nodes.items()
    }
    ready, late = ray.wait(list(asked), num_returns=len(asked), timeout=ANSWER_SECONDS)
    for answer in ready:
        with suppress(ray.exceptions.RayError):  # the node is gone: no trial will be sent there
            yield asked[answer], ray.get(answer)
    for answer in late:
        ray.cancel(answer, force=True)
