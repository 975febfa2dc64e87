import msgspec
import pytest
from golden_run import FUNCTIONAL_ONE, LAMBDA_ONE, LOOKUP_ONE

from pipeline.records import CellCost, CellSummary, PhaseCost, Ratio, Spread
from pipeline.report.changes import ABSENT, Changes, changes, markdown


def summary(verdict="equivalent", cell=FUNCTIONAL_ONE, step=None, trust="measured", **more) -> CellSummary:
    """`step`: low and high end of the interval of the ratio of step times."""
    if step:
        low, high = step
        phase = PhaseCost(Ratio((low + high) / 2, low, high), Ratio(1, 0.99, 1.01), Spread(1, 1, 1), Spread(1, 1, 1))
        more["cost"] = CellCost(trust, phases={"step": phase})
    return CellSummary(cell, verdict, "", **more)


def hows(before, after):
    return [(change.what, change.how) for change in changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        ("identical", "equivalent", "worse"),
        ("inconclusive", "equivalent", "better"),
        ("equivalent", "different", "worse"),
        ("equivalent", "infeasible", "worse"),
        ("infeasible", "inconclusive", "better"),
        ("unsupported", "different", "worse"),
    ],
)
def test_a_verdict_further_from_proven_is_worse(before, after, how):
    assert hows([summary(before)], [summary(after)]) == [("verdict", how)]


def test_the_same_verdict_is_no_change():
    assert hows([summary()], [summary()]) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((0.9, 1.0), (1.1, 1.2), [("step time", "worse")]),
        ((1.1, 1.2), (0.9, 1.0), [("step time", "better")]),
        ((0.9, 1.1), (1.05, 1.2), []),
    ],
)
def test_a_ratio_changed_if_the_intervals_do_not_touch(before, after, found):
    assert hows([summary(step=before)], [summary(step=after)]) == found


def test_a_noisy_timing_changes_nothing():
    assert hows([summary(step=(0.9, 1.0))], [summary(step=(1.5, 1.6), trust="noisy")]) == []


def test_a_cell_that_is_gone_is_worse_and_a_new_one_is_new():
    found = changes([summary()], [summary(cell=LOOKUP_ONE)])
    assert [(change.how, change.before, change.after) for change in found] == [
        ("worse", "equivalent", ABSENT),
        ("new", ABSENT, "equivalent"),
    ]


def test_the_worst_stands_first():
    before = [summary("inconclusive"), summary("identical", LAMBDA_ONE)]
    after = [summary("identical"), summary("different", LAMBDA_ONE, level="values")]
    assert [(change.how, change.after) for change in changes(before, after)] == [
        ("worse", "different at level values"),
        ("better", "identical"),
    ]


def test_the_exit_code_is_one_only_if_something_got_worse():
    better, worse = (
        changes([summary(a)], [summary(b)]) for a, b in (("different", "equivalent"), ("proven", "equivalent"))
    )
    assert [Changes("a", "b", 1, found).exit_code for found in ((), better, worse)] == [0, 0, 1]


def test_every_row_of_the_markdown_has_as_many_columns_as_its_head():
    cell = msgspec.structs.replace(FUNCTIONAL_ONE, data="a|b")
    found = Changes("a", "b", 1, changes([summary(cell=cell)], [summary("different", cell)]), (("keras", "3|1", "3"),))
    tables = [line.replace(r"\|", "").count("|") for line in markdown(found).splitlines() if line.startswith("|")]
    assert tables == [6, 6, 6, 4, 4, 4]


def test_the_sentence_counts_what_changed():
    found = Changes("a", "b", 1, changes([summary("proven")], [summary("equivalent")]))
    assert found.sentence == "1 cell in both runs: 1 worse."
