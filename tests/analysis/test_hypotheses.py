import pytest
from made_runs import CELL, made_evidence, made_failure, made_run

from pipeline.analysis.hypotheses import hypotheses_of
from pipeline.analysis.pairing import pair
from pipeline.analysis.statistics import LEVEL
from pipeline.records import Cell, ExcludedCell, Strategy

TWO = Cell("projection", "class", "functional", "mnist_5k", Strategy("mirrored", 2))
CLOSE = [0.004, -0.003, 0.001, -0.002]


def judged(evidence, **given):
    run = made_run(evidence, **given)
    return hypotheses_of(run, pair(run))


def seeds(cell, differences, **given):
    return [made_evidence(seed, value, cell=cell, **given) for seed, value in enumerate(differences)]


ALONE = judged(seeds(CELL, CLOSE))[CELL, "accuracy"]


def test_each_further_cell_makes_a_claim_harder():
    both = judged([*seeds(CELL, CLOSE), *seeds(TWO, [0.05, -0.06, 0.02])])
    assert both[CELL, "accuracy"].equivalent_p == pytest.approx(2 * ALONE.equivalent_p)


def test_a_cell_with_the_same_bits_is_no_test():
    both = judged([*seeds(CELL, CLOSE), *seeds(TWO, [0.0, 0.0], same_bits=True)])
    assert both == {(CELL, "accuracy"): ALONE}


def test_a_cell_of_which_no_seed_ended_stays_in_the_denominator():
    failures = [made_failure(seed, cell=TWO) for seed in (0, 1)]
    lost = judged(seeds(CELL, CLOSE), seeds=(0, 1), cell=TWO, failures=failures)
    assert lost[CELL, "accuracy"].equivalent_p == pytest.approx(2 * ALONE.equivalent_p)


def test_a_metric_that_is_not_finite_stays_in_the_denominator():
    both = judged([*seeds(CELL, CLOSE), *seeds(TWO, [float("nan"), 0.0])])
    assert both[TWO, "accuracy"].equivalent_p == 1.0
    assert both[CELL, "accuracy"].equivalent_p == pytest.approx(2 * ALONE.equivalent_p)


def test_a_cell_that_can_not_run_is_no_test():
    excluded = [
        ExcludedCell(Cell("projection", "class", "functional", "x", Strategy("tpu", 8)), "infeasible", "No TPU.")
    ]
    assert judged(seeds(CELL, CLOSE), excluded=excluded)[CELL, "accuracy"] == ALONE


def test_claims_of_equivalent_and_different_are_two_families():
    # The other cell is different: that takes nothing from the level of this one's "equivalent" but its own test.
    both = judged([*seeds(CELL, CLOSE), *seeds(TWO, [0.5, 0.51, 0.49, 0.5])])
    assert both[TWO, "accuracy"].different_p < LEVEL
    assert both[CELL, "accuracy"].equivalent_p == pytest.approx(2 * ALONE.equivalent_p)


def test_the_level_left_for_one_more_test_is_shared_by_the_open_hypotheses():
    open_cells = [*seeds(CELL, [0.05, -0.06, 0.02]), *seeds(TWO, [0.05, -0.06, 0.02])]
    assert judged(open_cells)[CELL, "accuracy"].equivalent_level == LEVEL / 2
