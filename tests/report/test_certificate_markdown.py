"""The certificate as a comment on a pull request."""

import re

import pytest
from certificates import certificate, counterexample, finding, proof

from pipeline.report.certificate_markdown import CUT, markdown


def text(made) -> str:
    return markdown(made).decode()


def test_it_begins_with_a_mark_and_the_verdict_in_a_sentence():
    assert text(certificate("different")).startswith("### ≠ It is different.\n\ndifferent, first level values: ")
    assert text(certificate("proven", proved=proof())).startswith("### = It is proven.")


def test_the_counterexample_is_in_sight_and_the_checks_are_folded():
    shown = text(certificate("different", finding("different", found=counterexample())))
    in_sight = re.sub(r"<details>.*?</details>", "", shown, flags=re.DOTALL)
    assert "candidate `float32[1, 1]`\n\n    [[-1.]]" in in_sight
    assert "outputs agree" in shown
    assert "outputs agree" not in in_sight


def test_every_fold_that_opens_closes():
    shown = text(certificate("proven", finding(), proved=proof()))
    assert shown.count("<details>") == shown.count("</details>") > 2


@pytest.mark.parametrize("field", ["sentence", "baseline"])
def test_names_can_neither_break_a_table_nor_mention_people(field):
    shown = text(certificate("different", finding(), **{field: "a|b <img src=x> @everyone ``` \x1b[31m"}))
    assert "\\<img" in shown
    assert not re.search(r"(?<!\\)(<img|@everyone)", shown)
    assert "\x1b" not in shown


def test_a_long_one_fits_a_comment_and_says_that_it_is_cut():
    many = [finding(check=f"check {at}", sentence="x" * 300) for at in range(500)]
    shown = text(certificate("proven", *many))
    assert len(shown) < 65_536
    assert shown.endswith(CUT)
