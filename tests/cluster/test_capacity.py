import socket
import time

import pytest
from gang_trials import gang_trial

from pipeline.cluster import session
from pipeline.cluster.capacity import capacity, check_fits
from pipeline.cluster.machine import local_capacity
from pipeline.errors import ClusterError
from pipeline.records import Capacity, Node, Strategy


def test_capacity_without_an_address_is_this_machine() -> None:
    assert capacity() == local_capacity()


def test_trial_that_just_fits_is_accepted(trial) -> None:
    check_fits([trial(1, cpus=4.0, gpus=1.0)], Capacity(cpus=4.0, gpus=1.0))


def test_trial_too_big_for_the_cluster_is_named_with_what_is_missing(trial) -> None:
    with pytest.raises(ClusterError, match=r"seed 2: needs 8 CPUs; the cluster's nodes have 4 CPUs; give --address"):
        check_fits([trial(1), trial(2, cpus=8.0)], Capacity(cpus=4.0))


def test_gpus_are_checked_too(trial) -> None:
    with pytest.raises(ClusterError, match="needs 1 CPU and 1 GPU; the cluster's nodes have 4 CPUs;"):
        check_fits([trial(1, gpus=1.0)], Capacity(cpus=4.0))


def test_processes_of_a_gang_each_need_a_node_with_room_for_them() -> None:
    three = gang_trial(strategy=Strategy("multi_worker_mirrored", workers=3), cpus=2.0)

    check_fits([three], Capacity(6.0, nodes=(Node(4.0), Node(2.0))))
    with pytest.raises(ClusterError, match="needs 3 processes of 2 CPUs; the cluster's nodes have 3 CPUs, 3 CPUs;"):
        check_fits([three], Capacity(6.0, nodes=(Node(3.0), Node(3.0))))


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_server_that_is_no_ray_cluster_is_an_error_within_seconds(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PROBE_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"{scheme}127.0.0.1:{mute.getsockname()[1]}"
        start = time.monotonic()

        with pytest.raises(ClusterError, match=r"no Ray cluster can be reached \(no answer within 1 s\)"):
            capacity(address)

    assert time.monotonic() - start < 4
