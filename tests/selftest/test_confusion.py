"""The confusion table counts what was said against what is true."""

import pytest

from pipeline.selftest.confusion import Confusion, Judged


def judged(truth: str, verdict: str, *, level: str = "", **more) -> Judged:
    return Judged(
        name=f"{truth}_{verdict}",
        frontend="keras",
        truth=truth,
        level=level,
        verdict=verdict,
        **{"split": "tuned", **more},
    )


GOOD = tuple(judged("same", "proven") for _ in range(18))


@pytest.mark.parametrize("verdict", ["proven", "identical", "equivalent"])
def test_a_different_pair_called_the_same_is_wrong(verdict):
    confusion = Confusion((*GOOD, judged("different", verdict, level="values")))
    assert [one.truth for one in confusion.wrong] == ["different"]
    assert not confusion.passed


def test_a_same_pair_called_different_is_wrong():
    assert not Confusion((*GOOD, judged("same", "different"))).passed


def test_a_tenth_may_be_inconclusive_and_no_more():
    open_ = judged("same", "inconclusive")
    assert Confusion((*GOOD, open_, open_)).passed
    assert not Confusion((*GOOD, open_, open_, open_)).passed


def test_one_failure_does_not_pass():
    assert not Confusion((*GOOD, judged("same", "failed"))).passed


def test_no_pairs_do_not_pass():
    assert not Confusion(()).passed


def test_counts_are_by_truth_level_verdict_and_split():
    confusion = Confusion((*GOOD, judged("different", "different", level="state", split="held_out")))
    assert confusion.counts() == {("same", "", "proven"): 18, ("different", "state", "different"): 1}
    assert confusion.counts("held_out") == {("different", "state", "different"): 1}


def test_the_text_names_each_wrong_and_each_open_pair():
    text = Confusion(
        (judged("different", "proven", level="gradient"), judged("same", "failed", detail="ran out of time"))
    ).render()
    assert "different_proven (keras, tuned) is different at gradient, said proven\n" in text
    assert "same_failed (keras, tuned) is same, said failed: ran out of time\n" in text
    assert "2 pairs: 1 wrong, 1 inconclusive or failed; " in text
    assert text.endswith("\nNOT PASSED\n")
