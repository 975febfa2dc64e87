"""Whether what there is suffices for what is planned."""

from collections.abc import Sequence

from pipeline.cluster.machine import local_capacity
from pipeline.cluster.session import connected
from pipeline.errors import ClusterError
from pipeline.records import Capacity, Trial


def capacity(address: str | None = None) -> Capacity:
    """What the cluster at `address` has, or this machine without one.  ClusterError if it can't be reached."""
    if address is None:
        return local_capacity()
    with connected(address) as there:
        return there


def check_fits(trials: Sequence[Trial], there: Capacity) -> None:
    """ClusterError if some trial needs more CPUs or GPUs than all there are: Ray would wait for them for ever."""
    for trial in trials:
        for unit, needs, has in (
            ("CPU", trial.resources.cpus, there.cpus),
            ("GPU", trial.resources.gpus, there.gpus),
        ):
            if needs > has:
                what = f"needs {needs:g} {unit}s, and the cluster has {has:g}"
                raise ClusterError(trial.label, what, f"give --address of a cluster with more {unit}s, or exclude it")
