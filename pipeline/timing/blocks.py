"""The protocol of a phase: how many steps a call has, warm-up, and the order in which arms are timed.

An arm is a function that takes so many steps and returns when the device has taken them.  The clock gives seconds.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pipeline.records import Block, PhaseTiming, Timing
from pipeline.timing.energy import Meter

Steps = Callable[[int], object]
Clock = Callable[[], float]

CALLS = 5  # of a block
STEADY = 0.02  # successive windows' medians agree within it
MOST_STEPS = 1_000_000  # of a call
GROWTH = 10  # of a call's steps from one try to the next: the first try tells little


def order(arms: int) -> tuple[int, ...]:
    """A round: every arm and back again, A B C C B A, so that a steady drift favours none."""
    return (*range(arms), *reversed(range(arms)))


def measure(arms: Sequence[Steps], timing: Timing, meter: Meter, clock: Clock = time.perf_counter) -> PhaseTiming:
    """Warms the arms up and times their blocks.  All take as many steps, so that their weights stay alike."""
    began = clock()
    steps = steps_per_call(arms, timing.block_ms / 1000 / CALLS, clock)
    steady = warm_up(arms, steps, began + timing.warmup_seconds, clock)
    warm = clock() - began
    blocks, collected = [], 0
    with resting_collector():
        for arm in order(len(arms)) * timing.rounds:
            before = meter.read()
            seconds = calls(arms[arm], steps, clock)
            blocks.append(Block(arm, tuple(_microseconds(each / steps) for each in seconds), meter.since(before)))
            collected += gc.collect()
    return PhaseTiming(steps, steady, warm, collected, tuple(blocks))


def steps_per_call(arms: Sequence[Steps], seconds: float, clock: Clock) -> int:
    """So many that a call of any arm takes that long or longer."""
    steps = 1
    while True:
        shortest = min(min(calls(arm, steps, clock, 2)) for arm in arms)
        if shortest >= seconds or steps == MOST_STEPS:
            return steps
        wanted = steps * seconds / shortest if shortest > 0 else MOST_STEPS
        steps = min(max(steps + 1, int(1.1 * wanted)), GROWTH * steps, MOST_STEPS)


def warm_up(arms: Sequence[Steps], steps: int, deadline: float, clock: Clock) -> bool:
    """Runs windows of CALLS calls of every arm until no arm's median moves by more than STEADY, or to the deadline.

    Returns whether they are steady.
    """
    before = _medians(arms, steps, clock)
    while clock() < deadline:
        after = _medians(arms, steps, clock)
        if all(abs(new - old) <= STEADY * old for old, new in zip(before, after, strict=True)):
            return True
        before = after
    return False


def calls(arm: Steps, steps: int, clock: Clock, count: int = CALLS) -> list[float]:
    """The seconds of each of so many calls in a row."""
    found = []
    for _ in range(count):
        began = clock()
        arm(steps)
        found.append(clock() - began)
    return found


@contextmanager
def resting_collector() -> Iterator[None]:
    """Inside, Python's collector runs only when asked, and then looks only at what was made inside."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _medians(arms: Sequence[Steps], steps: int, clock: Clock) -> list[float]:
    return [statistics.median(calls(arm, steps, clock)) for arm in arms]


def _microseconds(seconds: float) -> float:
    """To a nanosecond."""
    return round(seconds * 1e6, 3)
