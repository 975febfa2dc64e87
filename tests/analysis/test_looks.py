from made_runs import CELL, made_evidence, made_failure, made_run
from msgspec.structs import replace

from pipeline.analysis import analyse, wanting_seeds
from pipeline.analysis.looks import looks_taken
from pipeline.analysis.pairing import pair
from pipeline.records import CellSummary

SCATTERED = [0.05, -0.06, 0.02, -0.01, 0.04, -0.03]


def run_of(differences, *, planned, looks=(2, 4, 6), failed=()):
    evidence = [made_evidence(seed, value) for seed, value in enumerate(differences) if seed not in failed]
    failures = [made_failure(seed) for seed in failed]
    return replace(made_run(evidence, seeds=range(planned), failures=failures), looks=looks)


def taken(**given):
    run = run_of(**given)
    return looks_taken(pair(run)[0], run.looks)


def wanting(**given):
    return wanting_seeds(analyse(run_of(**given)))


def test_without_looks_there_is_one_at_what_is_there():
    assert taken(differences=SCATTERED[:3], planned=6, looks=()) == ((3, 1.0),)


def test_a_look_is_taken_when_its_seeds_have_ended():
    assert taken(differences=SCATTERED[:4], planned=4) == ((2, 2 / 6), (4, 2 / 6))


def test_a_look_whose_seeds_have_not_all_ended_is_not_taken():
    assert taken(differences=SCATTERED[:3], planned=4) == ((2, 2 / 6),)


def test_no_look_is_taken_without_a_seed_that_failed():
    assert taken(differences=SCATTERED[:4], planned=4, failed=(3,)) == ((2, 2 / 6),)


def test_a_seed_that_failed_and_is_retried_leaves_one_test_a_look():
    """Between failure and retry no p value is told, so nobody can stop at the better of two."""
    apart = [0.4, 0.41, 0.4, 0.42, 0.41]
    before, after = (
        analyse(run_of(apart, planned=5, looks=(5, 10), failed=failed))[0].differences[0] for failed in ((2,), ())
    )
    assert (before.verdict, before.different_p) == ("inconclusive", 1.0)
    assert after.verdict == "different"


def test_a_cell_whose_look_lacks_a_seed_says_what_it_waits_for():
    said = analyse(run_of(SCATTERED[:4], planned=4, failed=(1,)))[0].sentence
    assert said.endswith("Waiting: the look at 2 seeds is judged when seed 1 gives evidence.")


def test_a_cell_whose_looks_are_whole_waits_for_nothing():
    assert "Waiting" not in analyse(run_of(SCATTERED[:4], planned=4))[0].sentence


def test_an_undecided_cell_wants_the_seeds_of_the_next_look():
    assert wanting(differences=SCATTERED[:2], planned=2) == (CELL,)


def test_a_decided_cell_wants_no_more_seeds():
    assert wanting(differences=[0.0, 0.0], planned=2) == ()


def test_a_cell_with_a_failed_seed_wants_no_more_seeds():
    assert wanting(differences=SCATTERED[:2], planned=2, failed=(1,)) == ()


def test_a_cell_with_a_metric_that_is_not_finite_wants_no_more_seeds():
    assert wanting(differences=[float("nan"), 0.1], planned=2) == ()


def test_a_cell_that_could_not_run_wants_no_seeds():
    assert wanting_seeds([CellSummary(CELL, "infeasible", "No TPU.")]) == ()


def test_a_proven_cell_wants_no_more_seeds_though_its_training_is_open():
    assert wanting_seeds([CellSummary(CELL, "proven", "Proven.", needs_seeds=True)]) == ()


def test_looks_make_each_claim_harder():
    close = [0.001, -0.001, 0.0015, -0.0005]
    at_once = analyse(run_of(close, planned=4, looks=()))[0].differences[0]
    looked = analyse(run_of(close, planned=4, looks=(4, 8)))[0].differences[0]
    assert looked.equivalent_p == 2 * at_once.equivalent_p


def test_a_claim_of_an_earlier_look_stands():
    early = [0.0, 1e-5]
    assert analyse(run_of([*early, 0.5, -0.5], planned=4))[0].differences[0].verdict == "equivalent"
