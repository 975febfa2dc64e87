"""Trials over two Ray nodes, both on this machine: one CPU each, and TPU slices that are there in name only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gang_trials import DIGITS, TWO_WORKERS, gang_trial, results
from ray.cluster_utils import Cluster

from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Cell, Node, Profile, Resources, Strategy, Training, TrainTrial

NODE_ID = Runner("node_functions:node_id", "node_functions:configure")
DEFAULT = Strategy()
TOPOLOGIES = ("2x2", "2x4")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Its nodes in the order of TOPOLOGIES."""
    usual = {"num_cpus": 1, "object_store_memory": 100 * 2**20, "resources": {"TPU": 4}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for node_functions
        there = Cluster()
        there.add_node(**usual, labels={"ray.io/tpu-topology": TOPOLOGIES[0]}, include_dashboard=False)
        there.add_node(**usual, labels={"ray.io/tpu-topology": TOPOLOGIES[1]})
        there.wait_for_nodes()
    yield there
    there.shutdown()


@pytest.fixture(scope="module")
def by_placement(cluster: Cluster) -> dict[str, object]:
    """The same trial by a gang on one node, and by one on two."""
    strategies = [Strategy(TWO_WORKERS.name, workers=2, placement=placement) for placement in ("pack", "spread")]
    trials = [gang_trial(strategy.placement, strategy=strategy) for strategy in strategies]
    return {o.trial.id: o for o in execute(trials, DIGITS, address=cluster.address)}


def nodes(outcome) -> list[str]:
    """The first characters of the members' node ids."""
    return [member.split("/")[1].split()[0] for member in outcome.worker.members]


def single(seed: int, strategy: Strategy = DEFAULT, **needs: float) -> TrainTrial:
    cell = Cell("projection", "class", "functional", "digits", strategy)
    return TrainTrial(f"seed{seed}", cell, seed, Training(), {}, Profile(), Resources(**needs))


def test_capacity_tells_the_nodes_apart(cluster):
    assert capacity(cluster.address).nodes == (Node(1.0, 0.0, 4.0), Node(1.0, 0.0, 4.0))


def test_gang_spreads_over_the_nodes_or_packs_into_one(by_placement):
    assert len(set(nodes(by_placement["spread"]))) == 2
    assert len(set(nodes(by_placement["pack"]))) == 1


def test_gang_over_two_nodes_gives_bitwise_what_one_on_one_node_gives(by_placement):
    assert results(by_placement["spread"]) == results(by_placement["pack"])


def test_single_process_trials_spread_over_the_nodes(cluster):
    outcomes = execute([single(0), single(1)], DIGITS, address=cluster.address, runner=NODE_ID)
    assert {o.worker.host for o in outcomes} == {node.node_id for node in cluster.list_all_nodes()}


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_tpu_trial_goes_to_a_slice_of_its_topology(cluster, topology):
    trial = single(0, Strategy("tpu", devices=4, topology=topology), tpus=4)
    (outcome,) = execute([trial], DIGITS, address=cluster.address, runner=NODE_ID)
    assert outcome.worker.host == cluster.list_all_nodes()[TOPOLOGIES.index(topology)].node_id
