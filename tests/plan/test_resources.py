"""What trials hold, and whether a cluster's nodes have room for it."""

import pytest

from pipeline.config import ResourcesConfig
from pipeline.plan.resources import places, resources_of
from pipeline.records import Capacity, Node, Resources, Strategy


@pytest.mark.parametrize(
    ("strategy", "held"),
    [
        (Strategy(), Resources(1)),
        (Strategy("mirrored", 4), Resources(2)),
        (Strategy("central_storage", 3), Resources(2)),
        (Strategy("multi_worker_mirrored", workers=3), Resources(0.5, processes=3)),
        (Strategy("parameter_server", workers=2, ps=1), Resources(0.5, processes=4)),
        (Strategy("tpu", 8), Resources(1, tpus=8)),
    ],
)
def test_each_process_of_a_trial_holds_half_a_cpu_per_device(strategy, held):
    assert resources_of(strategy, ResourcesConfig()) == held


def test_gpus_are_held_by_device():
    held = resources_of(Strategy("multi_worker_mirrored", 2, workers=2), ResourcesConfig(gpus_per_device=1))
    assert held == Resources(1.0, gpus=2, processes=2)


def test_a_kind_of_accelerator_is_asked_for_only_with_one():
    kind = ResourcesConfig(accelerator="A100")
    assert resources_of(Strategy(), kind) == Resources(1)
    assert resources_of(Strategy("tpu", 8), kind) == Resources(1, tpus=8, accelerator="A100")
    on_gpu = resources_of(Strategy(), ResourcesConfig(gpus_per_device=1, accelerator="A100"))
    assert on_gpu == Resources(1, gpus=1, accelerator="A100")


def test_only_nodes_of_the_kind_count():
    two_kinds = Capacity(4.0, 2.0, nodes=(Node(2.0, 1.0, accelerator="T4"), Node(2.0, 1.0, accelerator="A100")))
    needs = Resources(1, gpus=1, accelerator="A100")
    assert places(needs, two_kinds) == ""
    assert places(Resources(1, gpus=1, accelerator="H100"), two_kinds) == (
        "1 CPU and 1 GPU (H100); the cluster's nodes have 2 CPUs and 1 GPU (T4), 2 CPUs and 1 GPU (A100)"
    )
    assert places(Resources(1, gpus=1, processes=2, accelerator="A100"), two_kinds) != ""


def test_a_process_has_to_fit_on_one_node():
    halves = Capacity(4.0, nodes=(Node(2.0), Node(2.0)))
    assert places(Resources(2), halves) == ""
    assert places(Resources(3), halves) == "3 CPUs; the cluster's nodes have 2 CPUs, 2 CPUs"


def test_a_gang_may_stand_on_several_nodes():
    halves = Capacity(4.0, nodes=(Node(2.0), Node(2.0)))
    assert places(Resources(2, processes=2), halves) == ""
    assert places(Resources(1.5, processes=3), halves) == (
        "3 processes of 1.5 CPUs; the cluster's nodes have 2 CPUs, 2 CPUs"
    )


def test_a_node_has_to_have_all_that_a_process_holds():
    apart = Capacity(2.0, gpus=1, nodes=(Node(2.0), Node(0.0, gpus=1)))
    assert places(Resources(1, gpus=1), apart) == "1 CPU and 1 GPU; the cluster's nodes have 2 CPUs, 1 GPU"


def test_shares_of_a_cpu_fill_it():
    assert places(Resources(0.1, processes=10), Capacity(1.0)) == ""
    assert places(Resources(0.1, processes=11), Capacity(1.0)) != ""
