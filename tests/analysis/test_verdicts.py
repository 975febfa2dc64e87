import numpy as np
import pytest
from made_runs import CELL, made_evidence, made_failure, made_run

from pipeline.analysis.hypotheses import Hypotheses
from pipeline.analysis.pairing import PairedCell, PairedMetric, pair
from pipeline.analysis.statistics import LEVEL
from pipeline.analysis.summary import analyse
from pipeline.analysis.verdicts import compare_metric, exit_code, judge_cell, judge_metric, worst
from pipeline.records import Margin


def judged(**changed: float) -> str:
    return judge_metric(**{"identical": False, "equivalent_p": 1.0, "different_p": 1.0, **changed})


def verdict_on(
    differences: list[float], *, planned: int = 0, same_bits: bool = False, failed: tuple[int, ...] = ()
) -> str:
    evidence = [made_evidence(seed, value, same_bits=same_bits) for seed, value in enumerate(differences)]
    seeds = range(max(planned, len(evidence)))
    failures = [made_failure(seed) for seed in failed]
    return analyse(made_run(evidence, seeds=seeds, failures=failures))[0].verdict


def test_a_metric_is_identical_when_every_seed_has_the_same_value():
    assert judged(identical=True, equivalent_p=0.0) == "identical"


@pytest.mark.parametrize(("claim", "p"), [("equivalent", "equivalent_p"), ("different", "different_p")])
def test_a_metric_is_what_a_test_claims_at_its_level(claim, p):
    assert (judged(**{p: LEVEL}), judged(**{p: LEVEL + 1e-9})) == (claim, "inconclusive")


def test_a_metric_that_both_tests_claim_is_different():
    assert judged(equivalent_p=0.0, different_p=0.0) == "different"


def test_one_seed_can_not_make_a_metric_different():
    assert verdict_on([5.0]) == "inconclusive"


def test_same_bits_over_every_seed_are_identical():
    assert verdict_on([0.0, 0.0, 0.0], same_bits=True) == "identical"


def test_same_bits_with_a_failed_seed_are_inconclusive():
    assert verdict_on([0.0, 0.0], planned=3, same_bits=True, failed=(2,)) == "inconclusive"


def test_same_bits_with_an_unfinished_seed_are_inconclusive():
    assert verdict_on([0.0, 0.0], planned=3, same_bits=True) == "inconclusive"


def test_same_metrics_from_other_weights_are_equivalent_not_identical():
    assert verdict_on([0.0, 0.0, 0.0]) == "equivalent"


def test_same_metrics_from_other_weights_over_one_seed_are_inconclusive():
    assert verdict_on([0.0]) == "inconclusive"


def test_small_differences_are_equivalent():
    assert verdict_on([0.001, -0.001, 0.0, 0.0]) == "equivalent"


def test_small_differences_with_a_failed_seed_are_inconclusive():
    assert verdict_on([0.001, -0.001, 0.0, 0.0], planned=5, failed=(4,)) == "inconclusive"


def test_large_differences_are_different():
    assert verdict_on([0.05, 0.06, 0.05, 0.07]) == "different"


def test_a_failed_seed_does_not_take_back_a_difference():
    assert verdict_on([0.05, 0.06, 0.05], planned=4, failed=(3,)) == "different"


def test_scattered_differences_are_inconclusive():
    assert verdict_on([0.05, -0.06, 0.02]) == "inconclusive"


def test_no_evidence_is_inconclusive():
    assert verdict_on([], planned=2, failed=(0, 1)) == "inconclusive"


def test_a_metric_that_is_not_finite_is_inconclusive_though_another_is_equivalent():
    good = PairedMetric("auc", np.full(3, 0.5), np.full(3, 0.5))
    broken = PairedMetric("rmse", np.full(3, 0.5), np.full(3, np.nan))
    evidence = pair(made_run([made_evidence(seed, 0.0) for seed in range(3)]))[0].evidence
    paired = PairedCell(CELL, (0, 1, 2), evidence, (), (), (), (good, broken))
    found = compare_metric(good, Margin(0.1), Hypotheses())
    assert judge_cell(paired, [found]) == "inconclusive"


def test_an_inconclusive_metric_says_how_many_more_seeds_it_needs():
    metric = PairedMetric("accuracy", np.zeros(3), np.array([-1.0, 0.0, 1.0]))
    tested = Hypotheses(equivalent_level=0.05)
    assert compare_metric(metric, Margin(1.0), tested).more_seeds == 11 - 3


def test_a_margin_of_deviations_is_shown_in_the_metrics_unit_with_its_fraction():
    metric = PairedMetric("accuracy", np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.5]))
    found = compare_metric(metric, Margin(0.5, of_sd=True), Hypotheses())
    assert (found.margin, found.margin_of_sd) == (0.5, 0.5)


def test_the_worst_verdict_is_the_most_serious_of_the_cells_that_ran():
    assert worst(["identical", "unsupported", "equivalent"]) == "equivalent"


def test_the_worst_verdict_is_unsupported_only_where_no_cell_ran():
    assert worst(["unsupported", "infeasible"]) == "unsupported"


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["identical", "equivalent", "unsupported"], 0),
        (["identical", "different", "inconclusive"], 1),
        (["identical", "inconclusive"], 2),
        (["unsupported"], 2),
        ([], 0),
    ],
)
def test_exit_code_follows_the_worst_cell(verdicts, code):
    assert exit_code(verdicts, []) == code


def test_exit_code_is_four_when_a_trial_failed_whatever_else():
    assert exit_code(["different"], [made_failure(0)]) == 4
