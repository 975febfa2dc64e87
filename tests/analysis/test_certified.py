"""A certificate and a training to one verdict: each rule."""

import pytest

from pipeline.analysis.certified import certified_cell, combine
from pipeline.records import (
    Cell,
    CellAgreement,
    CellSummary,
    Certificate,
    CertifyEvidence,
    CertifyTrial,
    Profile,
    Resources,
    Strategy,
    Worker,
)

CELL = Cell("lookup", "class", "functional", "ratings", Strategy("mirrored", 2), jit=True, loop="fit")
ALONE = Cell("lookup", "class", "functional", "ratings", Strategy("one_device"))
OFF = CellAgreement("differs", 0.5, "class arm's table", 0.0, 0.0, 0.0, "class arm's table", 1e-5)


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


@pytest.mark.parametrize(("certificate", "expected"), [("proven", "proven"), ("equivalent", "inconclusive")])
def test_only_a_proof_decides_a_training_that_wants_nothing_but_seeds(certificate, expected):
    trained = CellSummary(CELL, "inconclusive", "Undecided.", needs_seeds=True)
    assert combine(trained, certified(certificate)).verdict == expected


def test_without_a_certificate_training_stands():
    trained = CellSummary(CELL, "identical", "Trained.")
    assert combine(trained, None) is trained


def test_a_cell_certified_different_says_how_it_trained_all_the_same():
    summary = combine(CellSummary(CELL, "equivalent", "Trained equivalently."), certified("different", "update"))
    assert (summary.level, summary.trained, summary.certificate) == ("update", "equivalent", "c1")
    assert summary.sentence == "It is different. Trained all the same: Trained equivalently."


def test_an_earlier_level_of_the_certificate_stays_the_cells():
    summary = combine(CellSummary(CELL, "identical", "Trained."), certified("different", "values"), OFF)
    assert (summary.verdict, summary.level, summary.trained) == ("different", "values", "identical")
    assert summary.sentence.endswith("tolerance 1e−5). It is different. Trained all the same: Trained.")


def test_a_proven_pair_is_different_where_a_strategy_changes_an_arm():
    summary = combine(CellSummary(CELL, "identical", "Trained."), certified("proven"), OFF)
    assert (summary.verdict, summary.level, summary.certified) == ("different", "distribution", "proven")


def test_a_certificate_that_differs_on_several_replicas_makes_a_cell_with_several_different():
    summary = combine(CellSummary(CELL, "identical", "Trained."), certified("different", "distribution"))
    assert (summary.verdict, summary.level) == ("different", "distribution")


def test_a_certificate_that_differs_on_several_replicas_leaves_a_cell_on_one_alone():
    summary = combine(CellSummary(ALONE, "identical", "Trained."), certified("different", "distribution"))
    assert (summary.verdict, summary.level, summary.certified) == ("identical", "", "different")
    assert summary.sentence == "On one replica: Trained. On two: It is different."


def test_one_certificate_serves_every_strategy_loop_and_jit_setting():
    assert certified_cell(CELL) == Cell("lookup", "class", "functional", "ratings", Strategy())
