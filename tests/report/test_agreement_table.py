"""The table of agreement with one device: which cells, in which order, in which words."""

import msgspec
import pytest
from golden_run import FUNCTIONAL_TWO, LOOKUP_ASYNC, STATEFUL_TWO

from pipeline.analysis import analyse
from pipeline.report.agreement import agreement_rows
from pipeline.report.anchors import cell_anchor


@pytest.fixture(scope="module")
def rows(golden):
    return {row.anchor: row for row in agreement_rows(analyse(golden))}


def test_what_differs_comes_first(rows):
    assert [row.verdict for row in rows.values()] == ["differs", "not judged", "agrees", "agrees"]


def test_a_difference_names_arm_and_variable(rows):
    row = rows[cell_anchor(STATEFUL_TWO.label)]
    assert (row.weights, row.replicas) == ("0.31, class arm's state", "0.25, class arm's state")


def test_replicas_that_hold_the_same_numbers_are_equal(rows):
    assert rows[cell_anchor(FUNCTIONAL_TWO.label)].replicas == "equal"


def test_what_is_not_judged_has_numbers_and_no_tolerance(rows):
    row = rows[cell_anchor(LOOKUP_ASYNC.label)]
    assert (row.weights, row.replicas, row.tolerance) == ("0.021, class arm's table", "one replica", "none")


def test_the_setting_says_where_keras_fit_trained(rows):
    assert rows[cell_anchor(LOOKUP_ASYNC.label)].setting.endswith("tf_keras · float32 · fit")


def test_a_run_that_compared_nothing_with_one_device_says_so(golden, render_run):
    bare = tuple(
        msgspec.structs.replace(item, agreement=()) if hasattr(item, "agreement") else item for item in golden.evidence
    )
    files = render_run(msgspec.structs.replace(golden, evidence=bare))
    assert "No cell of this run was compared with one device." in files["index.html"].decode()
    assert "Agreement with one device" not in files["report.md"].decode()
