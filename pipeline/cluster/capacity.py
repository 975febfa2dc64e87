"""Whether what there is suffices for what is planned."""

from collections.abc import Sequence

from pipeline.cluster.machine import local_capacity
from pipeline.cluster.session import connected
from pipeline.errors import ClusterError
from pipeline.plan.resources import places
from pipeline.records import Capacity, Trial


def capacity(address: str | None = None) -> Capacity:
    """What the cluster at `address` has, or this machine without one.  ClusterError if it can't be reached."""
    if address is None:
        return local_capacity()
    with connected(address) as there:
        return there


def check_fits(trials: Sequence[Trial], there: Capacity) -> None:
    """ClusterError, with what is lacking, if the idle cluster has no room for some trial: Ray would wait for ever."""
    for trial in trials:
        if lacking := places(trial.resources, there):
            raise ClusterError(
                trial.label, f"needs {lacking}", "give --address of a cluster that has them, or exclude the cell"
            )
