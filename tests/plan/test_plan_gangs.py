"""What a plan makes of gangs."""

from dataclasses import replace

import pytest

from pipeline import plan
from pipeline.config import Experiment
from pipeline.errors import ConfigError
from pipeline.plan.estimate import SECONDS_PER_GANG, estimate
from pipeline.records import Capacity, Node, Strategy, Training

WORKERS, SERVERS = Strategy("multi_worker_mirrored", workers=2), Strategy("parameter_server", workers=2, ps=1)


@pytest.fixture
def config() -> Experiment:
    return Experiment(
        families=["projection"],
        data=["digits"],
        strategies=[Strategy("mirrored", 4), WORKERS, SERVERS],
        seeds=[0],
        certify=False,
        margins={"accuracy": 0.01},
    )


def trials_by_strategy(config, inventory, capacity):
    return {trial.cell.strategy.name: trial for trial in plan.make(config, inventory, capacity).trials}


def test_a_gang_holds_its_processes_and_has_a_profile_of_its_own(config, inventory):
    trials = trials_by_strategy(config, inventory, Capacity(2.0))
    assert {name: (t.resources.processes, t.profile.logical_devices) for name, t in trials.items()} == {
        "mirrored": (1, 4),
        "multi_worker_mirrored": (2, 1),
        "parameter_server": (4, 1),
    }


def test_a_gang_runs_on_nodes_that_are_too_small_for_one_process_of_many_devices(config, inventory):
    made = plan.make(config, inventory, Capacity(2.0, nodes=(Node(1.0), Node(1.0))))
    assert {cell.strategy.name for cell in made.cells} == {"multi_worker_mirrored", "parameter_server"}
    assert [(x.cell.strategy.name, x.verdict) for x in made.excluded] == [("mirrored", "infeasible")]


def test_a_gang_without_room_stands_with_what_it_needs(config, inventory):
    (excluded,) = plan.make(config, inventory, Capacity(1.9)).excluded[-1:]
    assert (excluded.verdict, excluded.reason) == (
        "infeasible",
        "parameter_server(2 + 1 ps) needs 4 processes of 0.5 CPUs; the cluster's nodes have 1.9 CPUs",
    )


def test_workers_share_the_global_batch_and_parameter_servers_do_not_cut_it(config, inventory):
    odd = replace(config, strategies=[SERVERS], train=Training(global_batch=33))
    assert len(plan.make(odd, inventory, Capacity(2.0)).trials) == 1
    with pytest.raises(ConfigError, match="does not divide by 2 replicas"):
        plan.make(replace(odd, strategies=[WORKERS]), inventory, Capacity(2.0))


def test_a_rehearsal_of_gangs_fits_one_cpu(config, inventory):
    made = plan.make(plan.dry(config), inventory, Capacity(1.0))
    assert not made.excluded
    assert len(made.trials) == 3


def test_an_estimate_counts_a_gangs_start(config, inventory):
    def seconds(strategy):
        made = plan.make(replace(config, strategies=[strategy], agreement_seeds=0), inventory, Capacity(2.0))
        return estimate(made, inventory, Capacity(2.0)).work_seconds

    assert seconds(WORKERS) - seconds(Strategy("mirrored", 2)) == pytest.approx(SECONDS_PER_GANG)
