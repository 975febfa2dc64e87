from made_runs import CELL, made_evidence, made_failure, made_run

from pipeline.analysis import analyse, summarise_families
from pipeline.records import Cell, CellSummary, ExcludedCell, Strategy

TWO = Cell("projection", "class", "functional", "mnist_5k", Strategy("mirrored", 2))
LAMBDA = Cell("projection", "class", "lambda", "mnist_5k", Strategy("one_device"))


def family(evidence, **given):
    return summarise_families(analyse(made_run(evidence, **given)))[0]


def seeds(cell, differences, *, same_bits=False):
    return [made_evidence(seed, value, cell=cell, same_bits=same_bits) for seed, value in enumerate(differences)]


def test_a_family_is_identical_when_all_its_cells_are():
    found = family(seeds(CELL, [0.0] * 3, same_bits=True) + seeds(TWO, [0.0] * 3, same_bits=True))
    assert found.sentence == "functional trained to the same bits as class in 2 of 2 cells."


def test_a_family_has_the_worst_verdict_of_its_cells():
    assert family(seeds(CELL, [0.0] * 3, same_bits=True) + seeds(TWO, [0.0] * 3)).verdict == "equivalent"


def test_each_pair_of_styles_has_its_own_clause():
    found = family(seeds(CELL, [0.0] * 3, same_bits=True) + seeds(LAMBDA, [0.25] * 3))
    assert found.sentence == (
        "functional trained to the same bits as class in the one cell; "
        "lambda differs from class in the one cell: accuracy by +0.25 under one_device, margin ±0.01."
    )


def test_sureness_counts_failed_trials():
    found = family(seeds(CELL, [0.0]), seeds=(0, 1), failures=[made_failure(1)])
    assert found.sureness.startswith("1 seed in its one cell; 1 trial failed")


def test_a_cell_that_could_not_run_stays_in_the_denominator():
    tpu = ExcludedCell(
        Cell("projection", "class", "functional", "mnist_5k", Strategy("tpu", 8)), "infeasible", "No TPU."
    )
    found = family(seeds(CELL, [0.0] * 3, same_bits=True), excluded=[tpu])
    assert found.sentence == "functional trained to the same bits as class in 1 of 2 cells."
    assert found.sureness == "3 seeds in its one cell; 1 cell did not run (1 infeasible)."


def test_a_proven_family_says_where_its_seeds_leave_it_open():
    proven = CellSummary(CELL, "proven", "Proven.", seeds=(0, 1), needs_seeds=True)
    assert summarise_families([proven])[0].sentence == (
        "functional is proven the same as class in the one cell; too few seeds to see it in training in the one cell."
    )


def test_a_family_of_which_nothing_could_run_says_why():
    excluded = [ExcludedCell(Cell("hashed", "class", "functional", "x", Strategy("tpu", 8)), "infeasible", "No TPU.")]
    found = summarise_families(analyse(made_run([], excluded=excluded)))[1]
    assert (found.verdict, found.sentence) == ("infeasible", "No cell could run. No TPU.")
