"""Has a cluster's autoscaler start what a run needs, before the run is planned on the nodes that are there."""

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from pipeline.errors import ClusterError

Needs = Mapping[str, float]  # what one process holds: {"CPU": 8, "GPU": 1}

WAIT_SECONDS = 900.0  # a machine with accelerators, its image and Ray
POLL_SECONDS = 1.0


def needs(text: str) -> Needs:
    """`CPU=8,GPU=1` as an argument of the command line."""
    try:
        pairs = [part.split("=") for part in text.split(",")]
        return {name.strip(): float(amount) for name, amount in pairs}
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form CPU=8,GPU=1") from error


@contextmanager
def scaled(wanted: Sequence[Needs], seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Inside, the cluster that this process is connected to has places for all of these at a time, and keeps them.

    ClusterError if the autoscaler has not brought them in time.  Without wants it asks for nothing.
    """
    if not wanted:
        yield
        return
    import ray
    from ray.autoscaler.sdk import request_resources

    deadline = time.monotonic() + seconds
    request_resources(bundles=[dict(needs) for needs in wanted])
    try:
        while lacking := lacks(wanted, [node["Resources"] for node in ray.nodes() if node["Alive"]]):
            if time.monotonic() > deadline:
                what = f"the cluster has no place for {_words(lacking)} after {seconds:g} s"
                raise ClusterError("--needs", what, "see `ray status`: has a group such nodes, and may it grow?")
            time.sleep(POLL_SECONDS)
        yield
    finally:
        request_resources(bundles=[])


def lacks(wanted: Sequence[Needs], nodes: Sequence[Mapping[str, float]]) -> Needs:
    """The first of these that has no place beside the others on the idle nodes, in their order; {} if all have."""
    free = [dict(node) for node in nodes]
    for one in wanted:
        node = next((node for node in free if all(node.get(name, 0.0) >= held for name, held in one.items())), None)
        if node is None:
            return one
        for name, held in one.items():
            node[name] -= held
    return {}


def _words(one: Needs) -> str:
    return " and ".join(f"{amount:g} {name}" for name, amount in one.items())
