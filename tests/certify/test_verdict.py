"""Findings come to a verdict by rules in a fixed order."""

import pytest

from pipeline.certify.verdict import judge
from pipeline.records import Finding, Proof

PROVEN = Proof(True, "exact", "the same HLO program", (), (), None, "")
UNPROVEN = Proof(False, None, "", (), (), None, "")
REAL = Proof(False, None, "", (), (), True, "")
BITWISE = Finding("values", "a", "same", "agree", details={"bitwise": True})
CLOSE = Finding("gradient", "b", "same", "agree", details={"bitwise": False})
UNTOLD = Finding("values", "c", "same", "agree")
NOTE = Finding("values", "d", "note", "told")
LOUD = Finding("lifecycle", "e", "loud", "raises in one")


def found(level: str, outcome: str, sentence: str = "") -> Finding:
    return Finding(level, "check", outcome, sentence)


def verdict(*findings: Finding, proof: Proof | None = UNPROVEN) -> str:
    return judge(findings, proof)[0]


def test_the_same_program_is_proven_where_values_agree():
    assert verdict(BITWISE, CLOSE, proof=PROVEN) == "proven"


def test_a_difference_outweighs_a_proof():
    assert judge([BITWISE, found("values", "different", "off by one")], PROVEN) == (
        "different",
        "values",
        "Different at level values: off by one.",
    )


@pytest.mark.parametrize("outcome", ["inconclusive", "error"])
def test_what_is_not_decided_outweighs_a_proof(outcome):
    assert verdict(BITWISE, found("lifecycle", outcome), proof=PROVEN) == "inconclusive"


def test_a_difference_outweighs_what_is_not_decided():
    assert verdict(found("interface", "error"), found("update", "different")) == "different"


def test_the_first_level_of_the_ladder_is_named_whatever_the_order_of_findings():
    findings = [found(level, "different") for level in ("state", "lifecycle", "gradient", "update")]
    assert judge(findings, None)[1] == "gradient"


def test_a_proof_without_any_comparison_of_values_decides_nothing():
    assert verdict(found("interface", "same"), NOTE, proof=PROVEN) == "inconclusive"


def test_no_findings_decide_nothing():
    assert verdict(proof=None) == "inconclusive"


def test_the_same_bits_in_every_comparison_are_identical():
    assert verdict(BITWISE, BITWISE, LOUD) == "identical"


@pytest.mark.parametrize("other", [CLOSE, UNTOLD])
def test_one_comparison_that_is_not_known_to_be_of_the_same_bits_makes_it_equivalent(other):
    assert verdict(BITWISE, other) == "equivalent"


def test_a_loud_row_does_not_change_the_verdict():
    assert verdict(CLOSE, LOUD) == "equivalent"


def test_equality_over_the_reals_is_told_and_is_no_proof():
    kind, _, sentence = judge([CLOSE], REAL)
    assert kind == "equivalent"
    assert sentence.endswith("and equal over the real numbers.")


@pytest.mark.parametrize("level", ["values", "update"])
def test_what_the_time_limit_cut_of_values_or_update_leaves_it_open(level):
    cut = Finding(level, "time limit", "note", "left out: search")
    assert verdict(BITWISE, cut) == "inconclusive"
    assert verdict(BITWISE, cut, proof=PROVEN) == "proven"


def test_what_the_time_limit_cut_of_lifecycle_is_only_told():
    assert verdict(BITWISE, Finding("lifecycle", "time limit", "note", "left out: export")) == "identical"
