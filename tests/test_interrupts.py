"""A signal that comes while a destructor runs."""

import os
import signal

import pytest

from pipeline import interrupts


@pytest.fixture(autouse=True)
def handlers():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    interrupts.listen()
    for number, handler in before.items():
        signal.signal(number, handler)


class Dropped:
    """Gets the signal where Python drops what its handler raises."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_a_destructor_swallows_is_heard_at_the_next_look(number):
    interrupts.listen()
    dropped = Dropped(number)
    del dropped
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_without_a_signal_nothing_is_raised():
    interrupts.listen()
    interrupts.check()


def test_an_ignored_ctrl_c_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts.listen()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
