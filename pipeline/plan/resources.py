"""What a cell holds on the cluster, and whether the cluster has it."""

import math

from pipeline.config import ResourcesConfig
from pipeline.records import Capacity, Node, Resources, Strategy


def resources_of(strategy: Strategy, per_device: ResourcesConfig) -> Resources:
    """What each process of a trial under the strategy holds, and how many processes it has."""
    if strategy.name == "tpu":
        return Resources(cpus=1.0, tpus=strategy.devices, accelerator=per_device.accelerator)
    cpus, gpus = (share * strategy.devices for share in (per_device.cpus_per_device, per_device.gpus_per_device))
    kind = per_device.accelerator if gpus else ""
    if strategy.is_gang:
        return Resources(cpus, gpus, processes=strategy.processes, accelerator=kind)
    return Resources(max(1, math.ceil(cpus)), gpus, accelerator=kind)


def places(needs: Resources, capacity: Capacity) -> str:
    """What is lacking, in words; "" if all the trial's processes have a place on the idle cluster, each on one node."""
    nodes = capacity.nodes or (Node(capacity.cpus, capacity.gpus, capacity.tpus),)
    placed = sum(_fit(needs, node) for node in nodes)
    if placed >= needs.processes:
        return ""
    has = ", ".join(_amounts(node) for node in nodes)
    each = f"{needs.processes} processes of " if needs.processes > 1 else ""
    return f"{each}{_amounts(needs)}; the cluster's nodes have {has}"


def _fit(needs: Resources, node: Node) -> int:
    """How many of the processes the node has room for."""
    if needs.accelerator not in ("", node.accelerator):
        return 0
    pairs = ((needs.cpus, node.cpus), (needs.gpus, node.gpus), (needs.tpus, node.tpus))
    return min((math.floor(has / need + 1e-9) for need, has in pairs if need), default=needs.processes)


def _amounts(of: Resources | Node) -> str:
    amounts = [("CPU", of.cpus), ("GPU", of.gpus), ("TPU chip", of.tpus)]
    named = [f"{amount:g} {unit}{'' if amount == 1 else 's'}" for unit, amount in amounts if amount]
    return (" and ".join(named) or "nothing") + (f" ({of.accelerator})" if of.accelerator else "")
