"""A few inputs of others' making at every door; 100,000 of them are `make fuzz`."""

from functools import cache

import pytest

from benchmarks.fuzz.trying import DOORS, Found, fuzz


@cache
def found(name: str) -> Found:
    door = DOORS[name]
    return fuzz(door, max(15, round(40 * min(1.0, door.share))), seed=0)


@pytest.mark.parametrize("name", DOORS)
def test_only_the_programs_own_errors_come_out(name):
    assert found(name).inputs > 0
    assert not found(name).escaped


@pytest.mark.parametrize("name", DOORS)
def test_some_inputs_are_right(name):
    """Else nothing behind the first check would be tried."""
    assert found(name).refused < found(name).inputs
