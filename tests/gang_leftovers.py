"""What gangs may leave behind on a machine without a GPU: processes, places and ports."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from machine_processes import processes_with
from ray.util import placement_group_table

from pipeline.cluster import gang

LEAVE_SECONDS = 15


@contextmanager
def nothing_left_of_gangs(mark: str) -> Iterator[None]:
    """Afterwards no member's process with this in its environment, no placement group; the gangs' ports are free."""
    ports: set[int] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gang, "tf_config", _noting(gang.tf_config, ports))
        yield
    deadline = time.monotonic() + LEAVE_SECONDS
    while (left := (_members(mark), _groups(), _taken(ports))) != ([], [], []) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == ([], [], [])


def _noting(tf_config: Any, ports: set[int]) -> Any:
    """The same function, which notes at which ports the members of a gang will meet."""

    def noting(addresses: Any, role: Any) -> Any:
        ports.update(int(address.rpartition(":")[2]) for _, address in addresses)
        return tf_config(addresses, role)

    return noting


def _members(mark: str) -> list[str]:
    return [command for command in processes_with(mark) if command.startswith("ray::Member")]


def _groups() -> list[str]:
    return [group["state"] for group in placement_group_table().values() if group["state"] != "REMOVED"]


def _taken(ports: set[int]) -> list[int]:
    """Those that can't be listened at."""
    return [port for port in sorted(ports) if not _is_free(port)]


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("", port)).close()
    except OSError:
        return False
    return True
