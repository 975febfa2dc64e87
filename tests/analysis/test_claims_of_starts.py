from certificates import certificate
from made_runs import CELL, WORKER, made_example, made_run

from pipeline.analysis import analyse, answer_claims
from pipeline.records import CertifyEvidence, CertifyTrial, Finding, Profile, Resources, Stage

LAWS = {"weights": 4, "tested": 3, "misfits": 0, "apart": 1, "smallest_p": 0.04}
STREAMS = {"roles": 2, "alike": 1, "baseline_repeated": 2, "candidate_repeated": 2, "candidate_own_seed": 1}
CERTIFIED = CertifyEvidence(
    CertifyTrial("c1", CELL, {}, Profile(), Resources(), 60.0, False),
    certificate(
        "equivalent",
        Finding("interface", "initialisers", "note", "", details=LAWS),
        Finding("interface", "random streams", "note", "", details=STREAMS),
    ),
    WORKER,
)
CAPTURED = made_example(
    "captured_dense",
    [Stage("build", True, ""), Stage("track", False, "2 weights are not listed."), Stage("train", False, "moved by 0")],
)


def claim(*evidence):
    run = made_run(evidence)
    return next(each for each in answer_claims(run, analyse(run)) if each.id == "C6")


def test_certificates_and_a_captured_weight_answer_the_claim_of_initialisation():
    found = claim(CERTIFIED, CAPTURED)
    assert found.status == "measured"
    assert found.answer == (
        "1 pair built anew: 3 of 4 weights tested against what was declared, 0 not as declared (smallest p 0.04), "
        "1 declared otherwise in one arm. From one seed both arms draw the same numbers for 1 of 2 roles; built again, "
        "they repeat 4 of 4 draws, 1 of them by a seed of their own. A weight captured by a lambda (keras): "
        "track: 2 weights are not listed; train: moved by 0."
    )
    assert found.trials == ("c1", "captured_dense")


def test_without_the_captured_weight_it_is_answered_partly_and_says_what_to_add():
    found = claim(CERTIFIED)
    assert found.status == "partly"
    assert "article_examples: true" in found.missing


def test_without_certificates_it_says_what_to_add():
    assert "certify: true" in claim(CAPTURED).missing
