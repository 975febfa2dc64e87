"""Who can reach what a run starts: this machine alone."""

import ipaddress
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import ray

from pipeline.cluster.session import connected

LISTENS = "0A"


def listening(processes: list[int]) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The addresses on which these processes listen, as Linux tells them."""
    own = set()
    for process in processes:
        with suppress(FileNotFoundError):  # it has ended meanwhile
            own |= {os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_socket()}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == LISTENS and f"socket:[{inode}]" in own:
                words = bytes.fromhex(local.split(":")[0])
                yield ipaddress.ip_address(b"".join(words[at : at + 4][::-1] for at in range(0, len(words), 4)))


def below(process: int) -> list[int]:
    """The process and all that it started."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [
        process,
        *(each for children in lists for child in children.read_text().split() for each in below(int(child))),
    ]


def test_a_ray_of_this_machine_listens_for_this_machine_alone():
    with connected():
        ray.get(ray.remote(lambda: os.getpid()).remote())
        found = {getattr(address, "ipv4_mapped", None) or address for address in listening(below(os.getpid()))}
        assert os.environ["RAY_AUTH_MODE"] == "token"
    assert found
    assert all(address.is_loopback for address in found), found


def test_a_cluster_can_still_be_attached_to_afterwards():
    constants = ray._private.ray_constants
    before = constants.ENABLE_RAY_CLUSTER
    with connected():
        assert before == constants.ENABLE_RAY_CLUSTER
        assert "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER" not in os.environ
