import io

import pytest
from rich.console import Console

from pipeline.progress import Tally, shown
from pipeline.records import (
    ExampleEvidence,
    ExampleTrial,
    Failure,
    Outcome,
    Profile,
    Resources,
    Worker,
)

TRIAL = ExampleTrial("e1", "complex_layer", "keras", Profile(), Resources())


def evidence(seconds: float) -> ExampleEvidence:
    return ExampleEvidence(TRIAL, (), 0, Worker("h", 1, "cpu", {}, 0.0, seconds, False))


FAILURE = Failure(TRIAL, "numeric", "the loss is [red]NaN[/red]")


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def lines_of(total: int, outcomes: list[Outcome], clock: Clock, step: float) -> list[str]:
    output = io.StringIO()
    with shown(total, Console(file=output, width=40), clock) as display:
        for outcome in outcomes:
            display.begun(TRIAL)
            clock.now += step
            display.ended(outcome)
    return output.getvalue().splitlines()


def test_time_left_is_unknown_before_a_trial_is_done() -> None:
    assert Tally(4).seconds_left is None


def test_time_left_follows_from_the_trials_own_seconds_and_how_many_ran_at_once() -> None:
    tally = Tally(6)
    for _ in range(2):
        tally.begun()
    tally.ended(evidence(10.0))

    # 5 trials are left, one of them half done, each of 10 s, two at a time.
    assert tally.seconds_left == 22.5


def test_failure_counts_as_done_and_tells_nothing_of_the_time() -> None:
    tally = Tally(2)
    tally.begun()
    tally.ended(FAILURE)

    assert (tally.done, tally.failed, tally.running, tally.seconds_left) == (1, 1, 0, None)


def test_each_trial_has_a_plain_line_where_there_is_no_terminal() -> None:
    assert lines_of(2, [evidence(3.0), FAILURE], Clock(), step=4.0) == [
        "[1/2] 0:04, about 0:03 left  article example complex_layer · keras: 3.0 s",
        "[2/2] 0:08  FAILED (numeric) article example complex_layer · keras: the loss is [red]NaN[/red]",
    ]


def test_many_trials_have_a_line_every_few_seconds_and_every_failure() -> None:
    lines = lines_of(300, [FAILURE if i == 7 else evidence(1.0) for i in range(300)], Clock(), step=0.1)

    assert len(lines) < 12
    assert sum("FAILED" in line for line in lines) == 1
    assert lines[-1].startswith("[300/300] 0:30 ")


@pytest.mark.parametrize("width", [60, 120])
def test_terminal_shows_counts_and_prints_failures_above(width: int) -> None:
    output = io.StringIO()
    with shown(2, Console(file=output, force_terminal=True, width=width)) as display:
        display.begun(TRIAL)
        display.ended(FAILURE)
        display.begun(TRIAL)
        display.ended(evidence(1.0))

    assert "the loss is [red]NaN[/red]" in output.getvalue()
    assert "2/2" in output.getvalue()
    assert "0 running" in output.getvalue()
