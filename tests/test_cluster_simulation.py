"""The simulated driver on cases that can be worked out by hand."""

import pytest

from benchmarks.cluster_model import Cluster, Costs, capacity, simulate

FREE = Costs(submit=0.0, look=0.0, message=0.0, record=0.0, start=0.0, planned_bytes=0.0, reported_bytes=0.0)


def with_costs(**costs: float) -> Costs:
    return Costs(**{**vars(FREE), **costs})


def test_driver_that_costs_nothing_gives_the_ideal():
    found = simulate(Cluster(1, cpus=2), 10, 3.0, with_costs(start=1.0))
    assert found.wall == found.ideal == 16.0
    assert found.busy == found.late == 0.0


def test_last_round_of_slots_may_be_partly_empty():
    assert simulate(Cluster(1, cpus=4), 10, 3.0, FREE).wall == 9.0


def test_every_message_takes_its_time():
    """One slot, two trials of 10 s, a second for each message: heard at 0, 10 (end and begin), 20."""
    found = simulate(Cluster(1, cpus=1), 2, 10.0, with_costs(message=1.0), sign=100.0)
    assert found.wall == 21.0
    assert found.busy == pytest.approx(4 / 21)
    assert found.late == 2.0


def test_signs_of_life_are_heard_too():
    """A trial of 3 s begins, gives signs at 1 and 2, and ends: four messages of a tenth."""
    found = simulate(Cluster(1, cpus=1), 1, 3.0, with_costs(message=0.1))
    assert found.wall == pytest.approx(3.1)
    assert found.busy * found.wall == pytest.approx(0.4)


def test_driver_that_can_not_hear_all_signs_sets_the_pace():
    """A hundred slots give a hundred signs a second, of which it hears ten."""
    found = simulate(Cluster(1, cpus=100), 200, 5.0, with_costs(message=0.1))
    messages = 200 * (1 + 4 + 1)
    assert found.busy > 0.99
    assert found.wall == pytest.approx(0.1 * messages, rel=0.05)


def test_capacity_is_where_the_driver_becomes_the_limit():
    costs = with_costs(message=0.01, record=0.01, submit=0.01)
    limit = capacity(costs, 10.0, 1.0)
    assert limit == pytest.approx(1 / (0.01 + 0.04 / 10))
    slots = [int(share * limit) for share in (0.7, 1.5)]
    below, above = (simulate(Cluster(1, cpus=each), 5 * each, 10.0, costs) for each in slots)
    assert below.over_ideal < 1.15
    assert above.over_ideal > 1.3
