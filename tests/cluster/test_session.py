import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import ray
from gang_trials import DIGITS, gang_trial
from machine_processes import processes_with
from ray.cluster_utils import Cluster

from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.session import connected
from pipeline.cluster.worker import Runner
from pipeline.records import Capacity, Node, TrainEvidence

# Ray leaves the log files open of the server for ray:// connections that it starts.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*ray_client_server:ResourceWarning")

HERE = Path(__file__).parent


@pytest.mark.fault("Ctrl-C", "ends at once; no process is left")
@pytest.mark.parametrize("kind", ["task", "gang"])
def test_interrupted_run_stops_at_once_and_leaves_no_process(kind: str) -> None:
    variable = f"LAYERPARITY_TEST={os.getpid()}-{time.time()}"
    name, _, value = variable.partition("=")
    command = [sys.executable, str(HERE / "interrupted_run.py"), kind]
    environment = {**os.environ, name: value, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE.parent)])}
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
def client_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(client_port: int) -> Iterator[str]:
    """The address of a cluster that was there before the driver."""
    head = {
        "ray_client_server_port": client_port,
        "num_cpus": 2,
        "include_dashboard": False,
        "object_store_memory": 100 * 2**20,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parent)]))  # for trial_functions and faulty
        there = Cluster(initialize_head=True, connect=False, head_node_args=head)
    yield there.address
    there.shutdown()


def test_driver_attaches_runs_and_leaves_the_cluster_as_it_was(cluster: str, trial, datasets) -> None:
    runner = Runner("trial_functions:report", "trial_functions:configure")

    (outcome,) = execute([trial(1)], datasets, address=cluster, runner=runner)

    assert isinstance(outcome, TrainEvidence)
    assert not ray.is_initialized()
    assert capacity(cluster) == Capacity(cpus=2.0, nodes=(Node(2.0),))


@pytest.mark.usefixtures("cluster")
def test_trials_and_gangs_run_over_a_client_connection(client_port: int, trial, datasets) -> None:
    runner = Runner("gang_functions:either", "trial_functions:configure")
    begun: list[str] = []
    outcomes = list(
        execute(
            [gang_trial(), trial(1)],
            {**datasets, **DIGITS},
            address=f"ray://127.0.0.1:{client_port}",
            runner=runner,
            on_start=lambda trial: begun.append(trial.id),
        )
    )

    assert [type(outcome) for outcome in outcomes] == [TrainEvidence, TrainEvidence]
    assert begun == ["trial1", "t"]


def test_address_in_the_environment_counts(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster)

    with connected():
        assert ray.get_runtime_context().gcs_address == cluster


@pytest.mark.fault("Ray can't be started", "one error with its remedy; no process is left")
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


@pytest.mark.long
@pytest.mark.fault("Ray does not come up in the 30 s that it gives itself", "started once more; no process is left")
def test_ray_that_did_not_start_in_time_is_started_once_more() -> None:
    variable = f"LAYERPARITY_TEST={os.getpid()}-{time.time()}"
    name, _, value = variable.partition("=")
    code = """
import os, signal, threading, time
from pathlib import Path
from pipeline.cluster import session
from pipeline.cluster.forks import children

def stop_the_first_raylet():
    while True:
        for process in children():
            if Path(f"/proc/{process}/cmdline").read_bytes().partition(b"\\0")[0].endswith(b"raylet"):
                os.kill(process, signal.SIGSTOP)
                return print("stopped", flush=True)
        time.sleep(0.001)

threading.Thread(target=stop_the_first_raylet).start()
with session.connected() as there:
    print(there.cpus > 0)
"""
    environment = {**os.environ, name: value}
    driver = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=200)

    assert driver.stdout == "stopped\nTrue\n", driver.stderr
    deadline = time.monotonic() + 60
    while processes_with(variable) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_with(variable) == []
