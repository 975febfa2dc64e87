import re

import pytest
from certificates import certificate, counterexample, finding, proof
from html_page import Page

from pipeline.report.certificate_html import MARKS, fragment, page

HOSTILE = "<script>alert(1)</script>\x1b[2J\x00"


@pytest.fixture(scope="module")
def different():
    loud = finding("loud", check="clone", sentence="clone: the candidate raises TypeError")
    crashed = finding(
        "error",
        sentence="the check crashed",
        traceback="Traceback: here",
        details={"error": 6.3245553203367586e-05, "bitwise": False},
    )
    made = certificate(
        "different", finding(), finding("different", found=counterexample()), loud, crashed, proved=proof(False)
    )
    return page(made).decode()


def test_the_page_is_well_formed(different):
    parsed = Page(different)
    assert (parsed.unclosed, parsed.open) == ([], [])


def test_the_page_makes_no_request(different):
    links = [v for _, attrs in Page(different).tags for k, v in attrs.items() if k in ("src", "href", "srcset")]
    assert links == ["data:,"]
    assert not re.search(r"@import|url\(|https?://", different)


def test_the_page_shows_verdict_level_counterexample_proof_and_what_stands_beside(different):
    text = Page(different).text
    for part in (
        "It is different.",
        "first level that differs: values",
        "Smallest failing input found",
        "[[-1.]]",
        "clone : the candidate raises TypeError",
        "Traceback: here",
        "6.32e−5",
        "Over the real numbers not decided",
        "0123456789ab",
        "not tracked",
        "update: not asked for",
    ):
        assert part in text


def test_text_of_user_code_is_escaped_and_cleaned():
    made = certificate(
        "different",
        finding("different", check=HOSTILE, sentence=HOSTILE, found=counterexample(HOSTILE), traceback=HOSTILE),
        baseline=HOSTILE,
        left_out=(HOSTILE,),
        versions={HOSTILE: HOSTILE},
    )
    text = page(made).decode()
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_level_with_nothing_to_see_is_folded_and_another_is_open():
    folded = page(certificate("proven", finding())).decode()
    opened = page(certificate("different", finding("different"))).decode()
    assert (folded.count("<details open>"), opened.count("<details open>")) == (0, 1)


def test_a_fragment_can_stand_in_another_page_more_than_once():
    text = fragment(certificate("proven", finding(), proved=proof()), heading=4)
    assert text.startswith("<article")
    assert "<h4>" in text
    assert not re.search(r"<style|<h[123]|\bid=", text)


@pytest.mark.parametrize("verdict", ["proven", "identical", "equivalent", "different", "inconclusive"])
def test_a_verdict_is_told_by_a_word_and_a_mark(verdict):
    mark, tone = MARKS[verdict]
    assert f'tone-{tone}"><i aria-hidden="true">{mark}</i>{verdict}</span>' in page(certificate(verdict)).decode()
