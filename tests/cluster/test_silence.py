"""Two members, one second apart in all they do.  Limits: 10 s to begin, 4 s between beats."""

import pytest

from pipeline.cluster.silence import Silence
from pipeline.records import GangLimits

MEMBERS = ("worker:0", "worker:1")


@pytest.fixture
def silence() -> Silence:
    return Silence(MEMBERS, GangLimits(start_seconds=10, stall_seconds=4), now=100.0)


def test_first_beat_may_take_as_long_as_the_start(silence: Silence) -> None:
    for member in MEMBERS:
        silence.heard(member, 0, 109.0)

    assert silence.broken(MEMBERS, 110.0) == ""
    assert silence.broken(MEMBERS, 110.5) == "; ".join(
        f"{member} answers, but has not begun to train for 10 s" for member in MEMBERS
    )


def test_next_beat_must_come_within_the_stall_limit(silence: Silence) -> None:
    silence.heard("worker:0", 1, 101.0)
    silence.heard("worker:0", 1, 105.0)

    assert silence.broken(["worker:0"], 105.0) == ""
    assert silence.broken(["worker:0"], 106.0) == "worker:0 answers, but has made no progress for 5 s"


def test_member_that_does_not_answer_is_told_from_one_that_is_stuck(silence: Silence) -> None:
    for member in MEMBERS:
        silence.heard(member, 1, 101.0)
    silence.heard("worker:0", 1, 106.0)

    assert silence.broken(MEMBERS, 106.0) == (
        "worker:0 answers, but has made no progress for 5 s; worker:1 has not answered for 5 s"
    )


def test_members_with_slow_steps_have_three_times_their_slowest(silence: Silence) -> None:
    silence.heard("worker:0", 1, 101.0)
    silence.heard("worker:1", 1, 101.0)
    silence.heard("worker:1", 2, 104.0)
    silence.heard("worker:1", 3, 105.0)
    silence.heard("worker:0", 2, 104.0)

    assert silence.broken(MEMBERS, 113.0) == ""
    assert silence.broken(MEMBERS, 113.5) != ""


def test_time_to_the_first_beat_is_no_measure_of_the_next(silence: Silence) -> None:
    silence.heard("worker:0", 1, 109.0)

    assert silence.broken(["worker:0"], 113.5) != ""


def test_members_that_are_done_are_not_waited_for(silence: Silence) -> None:
    silence.heard("worker:1", 1, 119.0)

    assert silence.broken(["worker:1"], 120.0) == ""


def test_time_in_which_nobody_listened_does_not_count(silence: Silence) -> None:
    for member in MEMBERS:
        silence.heard(member, 1, 101.0)

    silence.pardon(600.0)

    assert silence.broken(MEMBERS, 704.0) == ""
    assert silence.broken(MEMBERS, 706.0) != ""
