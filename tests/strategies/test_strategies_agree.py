"""Training under every strategy against training on one device, in real workers and gangs.

A trial trains both styles, each under the strategy and on one device.  Compiled training and other dtype policies are
in test_support_table.py.
"""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from small_trials import STRATEGIES, agreement, cell, chosen, outcomes, trial

from pipeline.plan.support import obstacle
from pipeline.records import FRONTENDS, Capacity, Outcome, Strategy, TrainTrial

pytestmark = pytest.mark.timeout(900)  # of the first test, for which all trials run

FAMILIES = ("projection", "lookup", "stateful")
TOLERANCES = {"sgd": 1e-6, "adam": 1e-5}
FOUR = Strategy("mirrored", 4, cross_device_ops="hierarchical_copy")
COMPARED = [s for s in STRATEGIES.values() if s.is_repeatable and s not in (Strategy("one_device"), FOUR)]
SEVERAL = [s for s in COMPARED if s.name != "default"]


def _by_id(trials: Iterable[TrainTrial]) -> dict[str, TrainTrial]:
    return {one.id: one for one in trials if not obstacle(one.cell, one.resources, Capacity(2.0))}


OWN_LOOP = _by_id(
    trial(cell(family, strategy, frontend), optimizer)
    for family, strategy, frontend, optimizer in product(FAMILIES, COMPARED, FRONTENDS, TOLERANCES)
) | _by_id([trial(cell("lookup", FOUR))])
FIT = _by_id(
    trial(cell(family, strategy, frontend, loop="fit"))
    for family, strategy, frontend in product(FAMILIES, COMPARED, FRONTENDS)
)
PARTIAL = _by_id(
    trial(cell(family, strategy), global_batch=24, remainder="keep")
    for family, strategy in product(("projection", "lookup"), SEVERAL)
)
UNAGGREGATED = _by_id(trial(cell("unaggregated", Strategy("mirrored", 2), frontend)) for frontend in FRONTENDS)
ALL = OWN_LOOP | FIT | PARTIAL
REPLICATED = [name for name, one in ALL.items() if one.cell.strategy.replicas > 1]
STEPWISE = [name for name, one in OWN_LOOP.items() if one.cell.strategy.name == "parameter_server"]


def _is_short(one: TrainTrial) -> bool:
    """One trial of each kind: what all others repeat for another family, optimizer or frontend."""
    legacy, family = one.cell.frontend == "tf_keras", one.cell.family
    if one in PARTIAL.values() or one in FIT.values() or legacy:
        return family == "lookup" and one.training.optimizer == "adam"
    return family != "projection" and one.training.optimizer == "adam"


def _marked(names: Iterable[str]) -> list[Any]:
    return [pytest.param(name, marks=() if _is_short(ALL[name]) else pytest.mark.long) for name in names]


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Outcome]:
    """What became of every trial that a test was selected for."""
    return outcomes(chosen(request, [*ALL.values(), *UNAGGREGATED.values()]))


@pytest.mark.parametrize("name", _marked(ALL))
def test_both_styles_end_as_on_one_device(name, found):
    tolerance = TOLERANCES[ALL[name].training.optimizer]
    assert [arm.style for arm in agreement(found[name])] == ["class", "functional"]
    for arm in agreement(found[name]):
        assert max(arm.weights.values()) <= tolerance
        assert arm.train_loss <= tolerance


@pytest.mark.parametrize("name", _marked(REPLICATED))
def test_replicas_end_with_the_same_numbers_in_every_variable(name, found):
    for arm in agreement(found[name]):
        assert arm.replicas == dict.fromkeys(arm.weights, 0.0)


@pytest.mark.parametrize("name", _marked(STEPWISE))
def test_a_parameter_server_that_goes_step_by_step_ends_bitwise_as_one_device(name, found):
    for arm in agreement(found[name]):
        assert arm.weights == dict.fromkeys(arm.weights, 0.0)
        assert arm.train_loss == 0.0


@pytest.mark.parametrize("name", UNAGGREGATED)
def test_state_without_aggregation_ends_different_on_every_replica(name, found):
    for arm in agreement(found[name]):
        apart = {role for role, gap in arm.replicas.items() if gap > 0}
        assert apart == {"state"}
