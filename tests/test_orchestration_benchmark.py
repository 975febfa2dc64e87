"""What the orchestration benchmark makes of its measurements."""

import pytest

from benchmarks.orchestration_arms import ARMS, OURS, REUSED, TUNE, Ran
from benchmarks.orchestration_books import Books
from benchmarks.orchestration_document import BOOKS, document, faster_than, over_ideal, section, spread, together
from benchmarks.orchestration_figure import drawn

BASE = dict.fromkeys(ARMS, Ran("", 10, wall=30.0, start=10.0, work=20.0, mib=1.0))
ROUND = {**BASE, OURS: Ran(OURS, 100, 66.0, 10.0, 100.0, 1.0), TUNE: Ran(TUNE, 4, 50.0, 10.0, 8.0, 1.0)}
GROWTH = {
    "plan": [Books(1_000, 1.1, 1.1, 0, 0), Books(10_000, 2.0, 2.0, 0, 0), Books(100_000, 11.0, 11.0, 0, 0)],
    "record": [
        Books(1_000, 3.0, 1.0, 150.0, 200.0),
        Books(4_000, 9.0, 4.0, 150.0, 220.0),
        Books(10_000, 30.0, 9.0, 150.0, 250.0),
    ],
    "run": [
        Books(1_000, 3.0, 5.0, 150.0, 200.0),
        Books(4_000, 9.0, 11.0, 150.0, 220.0),
        Books(10_000, 30.0, 20.0, 160.0, 310.0),
    ],
}


def test_ideal_is_the_work_spread_over_the_cores_after_one_start():
    assert ROUND[OURS].ideal(2) == 60.0
    assert over_ideal(ROUND, 2) == pytest.approx(1.1)


def test_arms_are_compared_by_seconds_a_trial_once_the_first_has_begun():
    assert ROUND[OURS].steady == pytest.approx(0.56)
    assert faster_than(TUNE)(ROUND, 2) == pytest.approx(10 / 0.56)
    assert faster_than(REUSED)(ROUND, 2) == pytest.approx(2 / 0.56)


def test_section_says_what_is_met_by_the_median_of_the_rounds():
    slow = {**ROUND, OURS: Ran(OURS, 100, 90.0, 10.0, 100.0, 1.0)}
    assert "| 1.1 [1.1, 1.5] | ≤ 1.25 | met |" in section("short", [ROUND, slow, ROUND], 2)
    assert "| 1.5 [1.1, 1.5] | ≤ 1.25 | not met |" in section("short", [ROUND, slow, slow], 2)


def test_planning_counts_without_the_command_s_own_start():
    """0.1 ms a trial after a start of 1 s, and 0.9 ms to keep its record."""
    assert together(GROWTH["plan"], GROWTH["record"]) == pytest.approx(1000.0)


def test_growth_is_told_against_what_was_asked_for():
    page = document("about", 2, {"short": [ROUND]}, GROWTH)
    assert "| `parity plan` of 100,000 trials, s | 11.00 | ≤ 5 | not met |" in page
    assert "| driver's memory while 10,000 trials ran, MiB | 160 | ≤ 300 | met |" in page
    assert "| driver's memory at 10,000 trials, the report with it, MiB | 310 | ≤ 300 | not met |" in page
    assert "| bookkeeping: a further trial of the most over one of the fewer | 0.83 | ≤ 1.1 | met |" in page
    assert "| `parity run` on Ray, empty trials | 10,000 | 30.0 | 500 | 1.500 | 160 | 310 |" in page


def test_growth_is_drawn_with_plain_numbers_and_a_line_for_each():
    shown = drawn(GROWTH, BOOKS).svg()
    assert all(title.replace("`", "") in shown for title in BOOKS.values())
    assert "10,000<" in shown
    assert "mathdefault" not in shown


def test_spread_is_the_median_with_the_least_and_the_most():
    assert spread([3.0, 1.0, 2.0]) == "2 [1, 3]"
    assert spread([1234.5]) == "1,234 [1,234, 1,234]"
