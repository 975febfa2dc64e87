"""The plan's table of what can't run, against what happens if it is tried; and what it lets through, likewise.

It fails when a cell that is called unsupported starts to work: take its rule out then.  Cells that train uncompiled in
float32 and are let through are in test_strategies_agree.py.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pytest
from small_trials import STRATEGIES, agreement, cell, chosen, outcomes, trial

from pipeline.analysis.agreement import tolerance_of
from pipeline.plan.support import NO_TPU, UNSUPPORTED, obstacle
from pipeline.records import FRONTENDS, Capacity, Cell, Failure, Outcome, Strategy, TrainTrial

pytestmark = pytest.mark.timeout(900)  # of the first test, for which all trials run

EXAMPLES = 64
HERE = Capacity(2.0)
LOOPS, COMPILED = ("custom", "fit"), (False, True)
POLICIES = ("float64", "mixed_bfloat16", "mixed_float16")
MIRRORED, CENTRAL = Strategy("mirrored", 2), Strategy("central_storage", 2)
WORKERS, SERVERS = Strategy("multi_worker_mirrored", workers=2), Strategy("parameter_server", workers=2, ps=1)

# An asynchronous parameter server fails where one that goes step by step does.
STEPWISE = [strategy for strategy in STRATEGIES.values() if strategy.is_repeatable]
MATRIX = [
    cell("projection", strategy, frontend, loop=loop, jit=jit)
    for strategy, frontend, loop, jit in product(STEPWISE, FRONTENDS, LOOPS, COMPILED)
]
ASYNC = [
    cell("projection", strategy, frontend, loop=loop)
    for strategy, frontend, loop in product(STRATEGIES.values(), FRONTENDS, LOOPS)
    if not strategy.is_repeatable
]
# For the rules that no cell of the matrix meets.
ODD = [
    cell("projection", Strategy("one_device", 2)),
    cell("projection", Strategy("mirrored", 2, cross_device_ops="nccl")),
    cell("projection", Strategy("multi_worker_mirrored", 2, workers=2)),
    cell("projection", Strategy("parameter_server", 2, workers=2, ps=1)),
    cell("projection", CENTRAL, "tf_keras", dtype_policy="mixed_float16"),
    cell("projection", CENTRAL, "tf_keras", dtype_policy="mixed_float16", loop="fit"),
    cell("projection", SERVERS, "tf_keras", dtype_policy="mixed_float16"),
]
IN_OTHER_PRECISION = [
    *(
        cell("projection", s, dtype_policy=policy)
        for s, policy in product((MIRRORED, CENTRAL, WORKERS, SERVERS), POLICIES)
    ),
    *(
        cell("projection", MIRRORED, frontend, dtype_policy=policy, loop="fit")
        for frontend, policy in product(FRONTENDS, POLICIES)
    ),
]


def _verdict(one: TrainTrial) -> str:
    found = obstacle(one.cell, one.resources, HERE)
    return found[0] if found else "runs"


def _by_id(cells: Iterable[Cell], verdict: str) -> dict[str, TrainTrial]:
    trials = [trial(about) for about in cells]
    return {one.id: one for one in trials if _verdict(one) == verdict}


REFUSED = _by_id([*MATRIX, *ODD], "unsupported")
LET_THROUGH = _by_id([about for about in MATRIX if about.jit] + IN_OTHER_PRECISION, "runs")
ASYNCHRONOUS = _by_id(ASYNC, "runs")
TPU = trial(cell("projection", Strategy("tpu", 8)))


def _marked(trials: Mapping[str, TrainTrial]) -> list[Any]:
    """Long where a trial takes a gang, many replicas or the other frontend."""
    return [
        pytest.param(
            name,
            marks=()
            if one.cell.strategy.replicas <= 2 and not one.cell.strategy.is_gang and one.cell.frontend == "keras"
            else pytest.mark.long,
        )
        for name, one in trials.items()
    ]


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Outcome]:
    """What became of every trial that a test was selected for."""
    return outcomes(chosen(request, [*REFUSED.values(), *LET_THROUGH.values(), *ASYNCHRONOUS.values(), TPU]))


def _off(outcome: Outcome) -> float:
    return max(max(*arm.weights.values(), arm.train_loss) for arm in agreement(outcome))


@pytest.mark.parametrize("name", _marked(REFUSED))
def test_what_is_called_unsupported_fails_or_trains_something_else(name, found):
    outcome, one = found[name], REFUSED[name]
    assert isinstance(outcome, Failure) or _off(outcome) > tolerance_of(one, EXAMPLES)


@pytest.mark.parametrize("name", _marked(LET_THROUGH))
def test_what_is_let_through_trains_as_one_device_does(name, found):
    assert _off(found[name]) <= tolerance_of(LET_THROUGH[name], EXAMPLES)


@pytest.mark.parametrize("name", _marked(ASYNCHRONOUS))
def test_asynchronous_training_gives_evidence(name, found):
    assert len(agreement(found[name])) == 2


@pytest.mark.parametrize("name", [TPU.id])
def test_a_tpu_that_is_not_there_fails_as_the_plan_says(name, found):
    assert obstacle(TPU.cell, TPU.resources, HERE) == ("infeasible", NO_TPU)
    assert "no TPU answers here" in found[name].message


def test_every_rule_is_tried_but_the_one_that_takes_a_tpu():
    tried = [rule for rule in UNSUPPORTED if any(rule[0](one.cell, one.resources) for one in REFUSED.values())]
    (untried,) = set(UNSUPPORTED) - set(tried)
    assert "TPU" in untried[1]
