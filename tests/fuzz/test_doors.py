"""A few inputs of others' making at every door; 100,000 of them are `make fuzz`."""

import pytest

from benchmarks.fuzz.trying import DOORS, fuzz

INPUTS = 60  # each door gets its share


@pytest.mark.parametrize("name", DOORS)
def test_only_the_programs_own_errors_come_out(name):
    door = DOORS[name]
    found = fuzz(door, max(3, round(INPUTS * door.share)), seed=0)
    assert found.inputs > 0
    assert not found.escaped


@pytest.mark.parametrize("name", sorted(set(DOORS) - {"config", "overrides"}))
def test_some_inputs_are_right(name):
    """Else nothing behind the first check would be tried."""
    door = DOORS[name]
    found = fuzz(door, max(40, round(INPUTS * door.share)) if door.share >= 1 else 12, seed=1)
    assert found.refused < found.inputs
