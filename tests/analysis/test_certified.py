"""A certificate and a training to one verdict: each rule."""

import pytest

from pipeline.analysis.certified import certified_cell, combine
from pipeline.records import (
    Cell,
    CellSummary,
    Certificate,
    CertifyEvidence,
    CertifyTrial,
    Profile,
    Resources,
    Strategy,
    Worker,
)

CELL = Cell("lookup", "class", "functional", "ratings", Strategy("mirrored", 2), jit=True)


def certified(verdict, level=""):
    certificate = Certificate(
        verdict=verdict,
        level=level,
        sentence=f"It is {verdict}.",
        baseline="a",
        candidate="b",
        inputs=(),
        weight_map=(),
        findings=(),
        proof=None,
        lifecycle=(),
        left_out=(),
        settings={},
        versions={},
        seconds=1.0,
    )
    trial = CertifyTrial("c1", certified_cell(CELL), {}, Profile(), Resources(), 60.0)
    return CertifyEvidence(trial, certificate, Worker("host", 1, "cpu", {}, 0.0, 1.0, False))


@pytest.mark.parametrize(
    ("trained", "certificate", "expected"),
    [
        ("identical", "proven", "proven"),
        ("equivalent", "proven", "proven"),
        ("identical", "identical", "identical"),
        ("identical", "equivalent", "equivalent"),
        ("equivalent", "identical", "equivalent"),
        ("inconclusive", "proven", "inconclusive"),
        ("equivalent", "inconclusive", "equivalent"),
        ("different", "proven", "different"),
        ("identical", "different", "different"),
    ],
)
def test_the_verdict_follows_the_rules(trained, certificate, expected):
    assert combine(CellSummary(CELL, trained, "Trained."), certified(certificate)).verdict == expected


def test_without_a_certificate_training_stands():
    trained = CellSummary(CELL, "identical", "Trained.")
    assert combine(trained, None) is trained


def test_a_cell_certified_different_says_how_it_trained_all_the_same():
    summary = combine(CellSummary(CELL, "equivalent", "Trained equivalently."), certified("different", "update"))
    assert (summary.level, summary.trained, summary.certificate) == ("update", "equivalent", "c1")
    assert summary.sentence == "It is different. Trained all the same: Trained equivalently."


def test_one_certificate_serves_every_strategy_and_jit_setting():
    assert certified_cell(CELL) == Cell("lookup", "class", "functional", "ratings", Strategy())
