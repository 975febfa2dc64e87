"""The protocol of a phase, on a clock that only the arms move."""

import gc
from collections import Counter

import pytest

from pipeline.records import Timing
from pipeline.timing import blocks
from pipeline.timing.energy import Meter


class Machine:
    """A clock, and arms whose steps take a fixed time on it."""

    def __init__(self, *step_seconds: float) -> None:
        self.now, self.taken, self.order = 0.0, Counter(), []
        self.arms = [lambda steps, arm=arm: self._run(arm, steps) for arm in range(len(step_seconds))]
        self.step_seconds = list(step_seconds)

    def clock(self) -> float:
        return self.now

    def _run(self, arm: int, steps: int) -> None:
        self.now += steps * self.step_seconds[arm]
        self.taken[arm] += steps
        self.order.append(arm)


@pytest.fixture
def meter(tmp_path):
    return Meter(tmp_path)


def test_a_round_takes_the_arms_there_and_back():
    assert blocks.order(3) == (0, 1, 2, 2, 1, 0)


def test_each_block_tells_its_arms_time_of_a_step(meter):
    machine = Machine(100e-6, 120e-6, 100e-6)
    found = blocks.measure(machine.arms, Timing(rounds=2), meter, machine.clock)
    assert {block.arm: set(block.step_us) for block in found.blocks} == {0: {100.0}, 1: {120.0}, 2: {100.0}}


def test_the_blocks_follow_each_other_in_rounds(meter):
    machine = Machine(1e-4, 1e-4, 1e-4)
    found = blocks.measure(machine.arms, Timing(rounds=2), meter, machine.clock)
    assert [block.arm for block in found.blocks] == [0, 1, 2, 2, 1, 0] * 2


def test_all_arms_take_the_same_number_of_steps(meter):
    machine = Machine(1e-4, 3e-4, 2e-4)
    blocks.measure(machine.arms, Timing(), meter, machine.clock)
    assert len(set(machine.taken.values())) == 1


@pytest.mark.parametrize("step_seconds", [3e-7, 1e-4, 0.5])
def test_a_block_lasts_as_long_as_asked_or_longer(meter, step_seconds):
    machine = Machine(step_seconds, 2 * step_seconds)
    found = blocks.measure(machine.arms, Timing(block_ms=40, rounds=1), meter, machine.clock)
    assert found.steps * step_seconds * blocks.CALLS >= 0.04


def test_a_block_lasts_no_longer_than_needed(meter):
    machine = Machine(1e-4)
    found = blocks.measure(machine.arms, Timing(block_ms=40, rounds=1), meter, machine.clock)
    assert found.steps * 1e-4 * blocks.CALLS < 0.05


def test_an_arm_too_quick_for_the_clock_gets_the_most_steps():
    assert blocks.steps_per_call([lambda _: None], 0.01, lambda: 0.0) == blocks.MOST_STEPS


def test_a_warm_up_of_even_calls_ends_steady():
    machine = Machine(1e-3)
    assert blocks.warm_up(machine.arms, 1, 1.0, machine.clock)


def test_a_warm_up_goes_on_until_calls_take_the_same_time():
    machine = Machine(1e-3)
    times = iter([5e-3] * 5 + [3e-3] * 5 + [1e-3] * 10)

    def settling(steps: int) -> None:
        machine.now += steps * next(times)

    assert blocks.warm_up([settling], 1, 10.0, machine.clock)
    assert list(times) == []


def test_a_warm_up_that_never_settles_ends_at_its_deadline():
    machine = Machine(1e-3)

    def slowing(steps: int) -> None:
        machine.step_seconds[0] *= 1.1
        machine.arms[0](steps)

    assert not blocks.warm_up([slowing], 1, 1.0, machine.clock)


def test_the_collector_rests_inside_blocks_and_works_afterwards(meter):
    machine, seen = Machine(1e-3), []

    def watching(steps: int) -> None:
        seen.append(gc.isenabled())
        machine.arms[0](steps)

    blocks.measure([watching], Timing(rounds=1), meter, machine.clock)
    assert not any(seen[-2 * blocks.CALLS :])
    assert gc.isenabled()


def test_what_the_collector_frees_between_blocks_is_counted(meter):
    machine = Machine(1e-3)

    def littering(steps: int) -> None:
        cycle: list[object] = []
        cycle.append(cycle)
        machine.arms[0](steps)

    found = blocks.measure([littering], Timing(rounds=1), meter, machine.clock)
    assert found.collected >= 2 * blocks.CALLS
