"""Places for a gang: a Ray placement group, all of its processes or none."""

import time
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

import ray
from ray.util.placement_group import PlacementGroup, placement_group, remove_placement_group

from pipeline.cluster.labels import accelerator_labels
from pipeline.cluster.terms import NoPlaceError, Terms
from pipeline.records import Resources, TrainTrial

WAIT_SECONDS = 0.5  # the longest until a wait notices that it is to stop
POLL_SECONDS = 0.05
RETURN_SECONDS = 5.0  # what was on a node that is gone may never return
STRATEGIES: Mapping[str, str] = MappingProxyType({"pack": "PACK", "spread": "SPREAD"})


def reserve(trial: TrainTrial, terms: Terms) -> PlacementGroup:
    """A place for each of the trial's processes.  NoPlaceError, with what is free, if there are none in time."""
    needs, seconds = trial.resources, terms.limits.placement_seconds
    bundles = [_bundle(needs)] * needs.processes
    labels = [accelerator_labels(needs)] * needs.processes
    strategy = STRATEGIES[trial.cell.strategy.placement]
    group = placement_group(bundles, strategy=strategy, bundle_label_selector=labels)
    deadline = time.monotonic() + seconds
    try:
        while not group.wait(WAIT_SECONDS):
            terms.check()
            if time.monotonic() > deadline:
                who = f"{trial.cell.strategy.label}: its {needs.processes} processes of {_amounts(bundles[0])} each"
                raise NoPlaceError(f"{who} got no places within {seconds:g} s; free on the cluster: {_free(needs)}")
    except BaseException:
        give_back(group)
        raise
    return group


def give_back(group: PlacementGroup) -> None:
    """Ends what runs in the places and waits until they are free: the next gang would be placed around them."""
    with suppress(ray.exceptions.RayError):
        remove_placement_group(group)
        deadline = time.monotonic() + RETURN_SECONDS
        while _is_held(group) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)


def _is_held(group: PlacementGroup) -> bool:
    """While it is, the cluster has resources that Ray names by the group's id."""
    return any(group.id.hex() in name for name in ray.cluster_resources())


def _bundle(needs: Resources) -> dict[str, float]:
    return {unit: amount for unit, amount in (("CPU", needs.cpus), ("GPU", needs.gpus)) if amount}


def _free(needs: Resources) -> str:
    free = ray.available_resources()
    return _amounts({unit: free.get(unit, 0.0) for unit in _bundle(needs)})


def _amounts(has: Mapping[str, float]) -> str:
    return " and ".join(f"{amount:g} {unit}" for unit, amount in has.items())
