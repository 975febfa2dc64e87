import json

from pipeline.cluster.tf_config import roles, tf_config, trainers
from pipeline.records import Strategy

MIRRORED = Strategy("multi_worker_mirrored", workers=2)
PARAMETER_SERVER = Strategy("parameter_server", workers=2, ps=1)


def test_parameter_servers_chief_is_first_and_trains_alone() -> None:
    assert roles(PARAMETER_SERVER) == [("chief", 0), ("worker", 0), ("worker", 1), ("ps", 0)]
    assert trainers(PARAMETER_SERVER) == ["chief:0"]


def test_mirrored_workers_all_train() -> None:
    assert trainers(MIRRORED) == ["worker:0", "worker:1"]


def test_every_role_of_a_strategy_is_a_process_of_it() -> None:
    for strategy in (MIRRORED, PARAMETER_SERVER, Strategy("parameter_server", workers=3, ps=2)):
        assert len(roles(strategy)) == strategy.processes


def test_every_process_is_told_all_addresses_and_its_own_task() -> None:
    addresses = [(role, f"10.0.0.{number}:1") for number, role in enumerate(roles(PARAMETER_SERVER))]

    assert json.loads(tf_config(addresses, ("worker", 1))) == {
        "cluster": {"chief": ["10.0.0.0:1"], "worker": ["10.0.0.1:1", "10.0.0.2:1"], "ps": ["10.0.0.3:1"]},
        "task": {"type": "worker", "index": 1},
    }
