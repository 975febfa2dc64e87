"""A cluster that loses a node, and gets one; a head that is started anew.  All nodes are on this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from command_line import reported, stamps
from gang_trials import DIGITS, gang_trial
from ray.cluster_utils import Cluster

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Resources, Strategy, TrainEvidence

# Ray leaves the log files open of what it starts.
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning"),
]
WAITING = Runner("node_places:wait", "node_places:configure")
RAY = str(Path(sys.executable).with_name("ray"))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    usual = {"num_cpus": 1, "object_store_memory": 100 * 2**20}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for node_places
        there = Cluster()
        there.add_node(**usual, include_dashboard=False)
        there.add_node(**usual)
        there.wait_for_nodes()
        yield there
    there.shutdown()


@pytest.mark.fault(
    "a Ray node is killed, and one is added", "its trials run again on the others; none is lost or doubled"
)
def test_trials_of_a_lost_node_run_again_and_each_gives_evidence_once(cluster: Cluster) -> None:
    trials = [
        msgspec.structs.replace(
            gang_trial(f"t{seed}", strategy=Strategy("one_device"), seed=seed), resources=Resources()
        )
        for seed in range(12)
    ]
    lost = cluster.list_all_nodes()[1]
    seen: list[TrainEvidence] = []
    with closing(execute(trials, DIGITS, address=cluster.address, runner=WAITING)) as outcomes:
        for outcome in outcomes:
            assert isinstance(outcome, TrainEvidence), outcome
            seen.append(outcome)
            if len(seen) == 3:
                cluster.remove_node(lost, allow_graceful=False)
                cluster.add_node(num_cpus=1, object_store_memory=100 * 2**20)

    assert sorted(outcome.trial.seed for outcome in seen) == list(range(12))
    assert len({outcome.worker.host for outcome in seen}) == 3  # the head, the lost one, the new one


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def head(port: int, mark: str) -> "subprocess.Popen[bytes]":
    """A head in the foreground, in a session of its own."""
    name, _, value = mark.partition("=")
    command = [RAY, "start", "--head", "--block", f"--port={port}", "--node-ip-address=127.0.0.1", "--num-cpus=2"]
    options = ["--include-dashboard=false", "--object-store-memory=100000000", "--disable-usage-stats"]
    environment = {**os.environ, name: value}
    process = subprocess.Popen(
        [*command, *options],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.2)
    raise AssertionError("Ray did not start")


def end(process: "subprocess.Popen[bytes]", mark: str) -> None:
    """The whole machine is gone: every process of it, -9."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_of_it = mark.encode() in (folder / "environ").read_bytes()
        except OSError:
            continue
        if is_of_it:
            os.kill(int(folder.name), signal.SIGKILL)
    process.wait()


@pytest.mark.fault(
    "the Ray head is killed, and started anew", "the driver ends with an error; the same command resumes"
)
def test_driver_whose_head_is_lost_ends_and_the_same_command_resumes_on_a_new_one(
    start, undisturbed, port: int, tmp_path: Path
) -> None:
    mark = f"LAYERPARITY_HEAD={os.getpid()}"
    first = head(port, mark)
    address = {"RAY_ADDRESS": f"127.0.0.1:{port}"}
    run = start(tmp_path / "run", **address)
    try:
        run.wait_for("evidence/*.json")
    finally:
        end(first, mark)
    code, _, err = run.end()
    finished = stamps(tmp_path / "run")
    second = head(port, mark)
    try:
        again = start(tmp_path / "run", **address).end()
    finally:
        end(second, mark)

    assert code != 0, err
    assert again[0] == 0, again[2]
    assert stamps(tmp_path / "run").items() >= finished.items()
    assert reported(tmp_path / "run") == reported(undisturbed)
