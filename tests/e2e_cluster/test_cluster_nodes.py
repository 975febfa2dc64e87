"""Two Ray nodes of one machine, of which one says that it has a GPU of a kind."""

import subprocess
import sys
from pathlib import Path

import pytest
import time_evidence
from gang_trials import DIGITS, TWO_WORKERS, gang_trial
from msgspec.structs import replace
from ray.cluster_utils import Cluster

from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.errors import ClusterError
from pipeline.records import (
    Cell,
    Node,
    Profile,
    Resources,
    Strategy,
    TimeEvidence,
    Timing,
    TrainEvidence,
    Training,
    TrainTrial,
)
from pipeline.store.run_directory import RunDirectory

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BOTH = "strategies=[one_device, {name: multi_worker_mirrored, workers: 2, placement: spread}]"
NODE_ID = Runner("node_functions:node_id", "node_functions:configure")  # of tests/e2e
SPREAD = Strategy(TWO_WORKERS.name, workers=2, placement="spread")


@pytest.fixture(scope="module")
def cluster():
    """Its first node is without a GPU."""
    usual = {"num_cpus": 2, "object_store_memory": 100 * 2**20}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE.parent / "e2e"))
        patch.delenv("CUDA_VISIBLE_DEVICES", raising=False)  # set, it hides the made-up GPU
        there = Cluster()
        there.add_node(**usual, include_dashboard=False)
        there.add_node(**usual, num_gpus=1, labels={"ray.io/accelerator-type": "A100"})
        there.wait_for_nodes()
    yield there
    there.shutdown()


@pytest.fixture
def node_ids(cluster):
    return [node.node_id for node in cluster.list_all_nodes()]


def trial(seed=0, **needs):
    cell = Cell("projection", "class", "functional", "digits", Strategy())
    return TrainTrial(f"seed{seed}", cell, seed, Training(), {}, Profile(), Resources(**needs))


def placed(cluster, *trials):
    """The node of each trial, by its id."""
    outcomes = execute(trials, DIGITS, address=cluster.address, runner=NODE_ID)
    return {outcome.trial.id: outcome.worker.host for outcome in outcomes}


def test_capacity_says_which_node_has_which_accelerator(cluster):
    assert set(capacity(cluster.address).nodes) == {Node(2.0), Node(2.0, 1.0, accelerator="A100")}


def test_trials_that_ask_for_a_gpu_go_where_it_is(cluster, node_ids):
    with_gpu = [trial(seed, gpus=1) for seed in range(2)]
    assert set(placed(cluster, *with_gpu).values()) == {node_ids[1]}


def test_a_trial_goes_to_an_accelerator_of_its_kind(cluster, node_ids):
    assert placed(cluster, trial(gpus=1, accelerator="A100")) == {"seed0": node_ids[1]}


def test_a_kind_that_no_node_has_is_refused_at_once(cluster):
    with pytest.raises(ClusterError, match=r"needs 1 CPU and 1 GPU \(T4\); the cluster's nodes have .*\(A100\)"):
        placed(cluster, trial(gpus=1, accelerator="T4"))


def members_nodes(evidence):
    """The first characters of the ids of the nodes that a gang's processes were on."""
    return {member.split("/")[1].split()[0] for member in evidence.worker.members}


def test_a_gang_spans_both_nodes_and_its_evidence_says_so(cluster, node_ids):
    (outcome,) = execute([gang_trial("t", strategy=SPREAD, cpus=1.0)], DIGITS, address=cluster.address)
    assert isinstance(outcome, TrainEvidence)
    assert members_nodes(outcome) == {name[:8] for name in node_ids}
    assert outcome.worker.node in node_ids


def test_a_gang_goes_only_where_its_kind_of_accelerator_is(cluster, node_ids):
    two = gang_trial("t", strategy=SPREAD, cpus=1.0)

    asks = replace(two, resources=replace(two.resources, gpus=0.5, accelerator="A100"))
    (outcome,) = execute([asks], DIGITS, address=cluster.address)
    assert isinstance(outcome, TrainEvidence), outcome
    assert members_nodes(outcome) == {node_ids[1][:8]}


@pytest.fixture(scope="module")
def ran(cluster, tmp_path_factory):
    """What `parity run` left of a config with trials of one process and gangs, by strategy."""
    folder = tmp_path_factory.mktemp("nodes") / "run"
    matrix = [BOTH, "seeds=[0,1,2,3]", "certify=false", "resources.cpus_per_device=2"]  # all CPUs of a node
    words = [sys.executable, "-m", "pipeline", "run", "configs/smoke.yaml", *matrix, "--address", cluster.address]
    done = subprocess.run(
        [*words, "--run-dir", folder], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode in (0, 2), done.stdout + done.stderr
    finished = RunDirectory.existing(folder).finished().values()
    names = {evidence.trial.cell.strategy.name for evidence in finished}
    return {name: [each for each in finished if each.trial.cell.strategy.name == name] for name in names}


def test_trials_of_a_run_are_on_all_nodes_and_its_gangs_span_them(ran, node_ids):
    assert {evidence.worker.node for evidence in ran["one_device"]} == set(node_ids)
    for evidence in ran["multi_worker_mirrored"]:
        assert members_nodes(evidence) == {name[:8] for name in node_ids}


def test_a_timing_says_on_which_node_and_device_it_was_made(cluster, node_ids):
    timing = Timing(rounds=2, block_ms=5.0, warmup_seconds=0.1)
    trial = replace(time_evidence.trial(cpus=2.0), timing=timing, training=Training(global_batch=16))
    (outcome,) = execute([trial], DIGITS, address=cluster.address)
    assert isinstance(outcome, TimeEvidence), outcome
    assert outcome.worker.node in node_ids
    assert "CPU" in outcome.worker.device
    assert outcome.hardware
