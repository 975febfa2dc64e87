"""Signals to workers, on whichever node of the cluster they are."""

import os
from contextlib import suppress
from pathlib import Path

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from pipeline.cluster.told import Begun

SENT_SECONDS = 10.0  # a process has to start for it on another node


def send(worker: Begun, number: int) -> None:
    """Sends the signal, unless the worker, or its node, is gone."""
    if worker.node == ray.get_runtime_context().get_node_id():
        _send(worker.pid, number)
        return
    there = NodeAffinitySchedulingStrategy(worker.node, soft=False)
    task = ray.remote(num_cpus=0, max_retries=0)(_send).options(scheduling_strategy=there).remote(worker.pid, number)
    with suppress(ray.exceptions.RayError):
        ray.wait([task], timeout=SENT_SECONDS)


def _send(pid: int, number: int) -> None:
    """A process that is no worker of Ray's got the id of one that has ended."""
    with suppress(OSError):
        if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"ray::"):
            os.kill(pid, number)
