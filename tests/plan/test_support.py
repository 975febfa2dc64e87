"""Which cells stand in a plan with a reason instead of running.  tests/strategies tries those that are unsupported."""

from itertools import product

import pytest

from pipeline.config import ResourcesConfig
from pipeline.plan.resources import resources_of
from pipeline.plan.support import STRATEGIES, obstacle
from pipeline.records import FRONTENDS, Capacity, Cell, Strategy

MIRRORED, CENTRAL = Strategy("mirrored", 2), Strategy("central_storage", 2)
WORKERS, SERVERS = Strategy("multi_worker_mirrored", workers=2), Strategy("parameter_server", workers=2, ps=1)
ASYNC = Strategy("parameter_server", workers=2, ps=1, coordination="async")
HERE = Capacity(2.0)


def found(strategy, capacity=HERE, gpus_per_device=0.0, **cell):
    about = Cell("projection", "class", "functional", "digits", strategy, **cell)
    return obstacle(about, resources_of(strategy, ResourcesConfig(gpus_per_device=gpus_per_device)), capacity)


@pytest.mark.parametrize(
    ("strategy", "frontend"), list(product([Strategy(), MIRRORED, CENTRAL, WORKERS, SERVERS, ASYNC], FRONTENDS))
)
def test_the_own_loop_runs_every_strategy_on_cpus(strategy, frontend):
    assert found(strategy, frontend=frontend) is None


@pytest.mark.parametrize(
    ("strategy", "cell", "reason"),
    [
        (Strategy("one_device", 2), {}, "one_device and default have one device; use mirrored for several"),
        (Strategy("mirrored", 2, cross_device_ops="nccl"), {}, "NCCL sums gradients between GPUs only"),
        (MIRRORED, {"jit": True}, "replicas can't meet inside XLA"),
        (SERVERS, {"jit": True}, "replicas can't meet inside XLA"),
        (MIRRORED, {"jit": True, "loop": "fit", "frontend": "tf_keras"}, "a variable of another device"),
        (WORKERS, {"jit": True, "loop": "fit", "frontend": "tf_keras"}, "no collectives, no remote variables"),
        (WORKERS, {"loop": "fit"}, "keras#20585"),
        (SERVERS, {"loop": "fit"}, "create_per_worker_dataset"),
        (ASYNC, {"loop": "fit"}, "create_per_worker_dataset"),
        (SERVERS, {"loop": "fit", "frontend": "tf_keras"}, "every worker reads all of the data"),
        (CENTRAL, {"loop": "fit"}, "reports a wrong loss"),
        (CENTRAL, {"frontend": "tf_keras", "dtype_policy": "mixed_float16"}, "refuses mixed_float16"),
        (SERVERS, {"frontend": "tf_keras", "dtype_policy": "mixed_float16"}, "refuses mixed_float16"),
        (Strategy("multi_worker_mirrored", 2, workers=2), {}, "has one CPU device; set workers"),
        (Strategy("parameter_server", 2, workers=2, ps=1), {}, "set workers"),
    ],
)
def test_what_these_versions_can_not_do_is_unsupported_with_its_reason(strategy, cell, reason):
    verdict, sentence = found(strategy, **cell)
    assert verdict == "unsupported"
    assert reason in sentence


def test_a_tpu_cell_is_infeasible_without_one_and_offers_the_level_tpu():
    verdict, reason = found(Strategy("tpu", 8))
    assert verdict == "infeasible"
    assert reason.startswith("TPUStrategy needs a TPU, and this cluster has none; certificate level tpu compiles")


def test_a_tpu_cell_runs_where_there_is_one_and_its_fit_does_not():
    with_tpu = Capacity(8.0, tpus=8)
    assert found(Strategy("tpu", 8), with_tpu) is None
    assert found(Strategy("tpu", 8), with_tpu, loop="fit")[0] == "unsupported"


@pytest.mark.parametrize("strategy", [MIRRORED, WORKERS])
def test_gpus_may_compile_steps_over_replicas(strategy):
    assert found(strategy, Capacity(8.0, gpus=4), gpus_per_device=1, jit=True) is None


def test_a_gang_that_does_not_fit_is_infeasible_with_what_it_needs_and_what_there_is():
    assert found(Strategy("multi_worker_mirrored", workers=5)) == (
        "infeasible",
        "multi_worker_mirrored(5 x 1) needs 5 processes of 0.5 CPUs; the cluster's nodes have 2 CPUs",
    )


def test_every_strategy_of_the_table_has_been_asked():
    asked = {s.name for s in (Strategy(), Strategy("one_device"), MIRRORED, CENTRAL, WORKERS, SERVERS, Strategy("tpu"))}
    assert asked == set(STRATEGIES)
