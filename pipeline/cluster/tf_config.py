"""The processes of a gang in TensorFlow's words: jobs, indices, TF_CONFIG."""

import json
from collections.abc import Sequence

from pipeline.records import Strategy

Role = tuple[str, int]  # job and index, e.g. ("worker", 1)


def roles(strategy: Strategy) -> list[Role]:
    """Each process's own, the chief's first."""
    chief = [("chief", 0)] if strategy.name == "parameter_server" else []
    workers = [("worker", index) for index in range(strategy.workers)]
    return [*chief, *workers, *(("ps", index) for index in range(strategy.ps))]


def name(role: Role) -> str:
    """`worker:1`."""
    return f"{role[0]}:{role[1]}"


def trainers(strategy: Strategy) -> list[str]:
    """The names of those that run the trial: a parameter server's chief alone, else all.  The others serve."""
    every = roles(strategy)
    return [name(role) for role in every if role[0] == every[0][0]]


def tf_config(addresses: Sequence[tuple[Role, str]], own: Role) -> str:
    """What TF_CONFIG is in the process of one role, given all the processes' host:port."""
    cluster: dict[str, list[str]] = {}
    for (job, _), address in addresses:
        cluster.setdefault(job, []).append(address)
    return json.dumps({"cluster": cluster, "task": {"type": own[0], "index": own[1]}})
