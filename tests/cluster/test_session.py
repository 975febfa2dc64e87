import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import ray
from ray.cluster_utils import Cluster

from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.session import connected
from pipeline.cluster.worker import Runner
from pipeline.records import Capacity, TrainEvidence

HERE = Path(__file__).parent


def processes_with(variable: str) -> list[str]:
    """The command lines of the processes that have this in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if variable.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended
            continue
    return found


def test_interrupted_run_stops_at_once_and_leaves_no_process() -> None:
    variable = f"LAYERPARITY_TEST={os.getpid()}-{time.time()}"
    name, _, value = variable.partition("=")
    command = [sys.executable, str(HERE / "interrupted_run.py")]
    environment = {**os.environ, name: value, "PYTHONPATH": str(HERE.parents[1])}
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    assert driver.stdout is not None
    assert driver.stdout.readline() == "begun\n"

    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does
    start = time.monotonic()
    output, _ = driver.communicate(timeout=60)

    assert output == "interrupted\n"
    assert driver.returncode == 130
    assert time.monotonic() - start < 30
    while processes_with(variable) and time.monotonic() - start < 45:
        time.sleep(0.2)
    assert processes_with(variable) == []


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster that was there before the driver."""
    head = {"num_cpus": 2, "include_dashboard": False, "object_store_memory": 100 * 2**20}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE))  # for trial_functions
        there = Cluster(initialize_head=True, connect=False, head_node_args=head)
    yield there.address
    there.shutdown()


def test_driver_attaches_runs_and_leaves_the_cluster_as_it_was(cluster: str, trial, datasets) -> None:
    runner = Runner("trial_functions:report", "trial_functions:configure")

    (outcome,) = execute([trial(1)], datasets, address=cluster, runner=runner)

    assert isinstance(outcome, TrainEvidence)
    assert not ray.is_initialized()
    assert capacity(cluster) == Capacity(cpus=2.0)


def test_address_in_the_environment_counts(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster)

    with connected():
        assert ray.get_runtime_context().gcs_address == cluster


def test_ray_that_can_not_start_here_is_an_error_with_the_remedy_and_leaves_no_process() -> None:
    variable = f"LAYERPARITY_TEST={os.getpid()}-{time.time()}"
    name, _, value = variable.partition("=")
    code = """
from pipeline.cluster import session
session.OBJECT_STORE_BYTES = 1  # less than Ray takes
try:
    session.connected().__enter__()
except session.ClusterError as error:
    print(error)
"""
    environment = {**os.environ, name: value}
    driver = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)

    assert re.match(r"this machine: Ray can't be started here \(.+\); free space in", driver.stdout)
    assert processes_with(variable) == []
