from made_runs import CELL, made_evidence, made_failure, made_run

from pipeline.analysis import analyse, worst
from pipeline.records import Cell, ExcludedCell, Strategy

TPU = ExcludedCell(Cell("projection", "class", "functional", "mnist_5k", Strategy("tpu", 8)), "infeasible", "No TPU.")


def test_cells_of_the_plan_come_first_and_those_that_could_not_run_after():
    summaries = analyse(made_run([made_evidence(0, 0.0, same_bits=True)], excluded=[TPU]))
    assert [summary.verdict for summary in summaries] == ["identical", "infeasible"]


def test_an_excluded_cell_gives_its_reason():
    assert analyse(made_run([], excluded=[TPU]))[-1].sentence == "No TPU."


def test_the_same_run_gives_the_same_summaries():
    run = made_run([made_evidence(seed, seed / 1000) for seed in range(5)])
    assert analyse(run) == analyse(run)


def test_an_interval_does_not_depend_on_which_other_cells_there_are():
    other = Cell("lookup", "class", "functional", "mnist_5k", Strategy())
    alone = [made_evidence(seed, seed / 1000) for seed in range(5)]
    together = [*(made_evidence(seed, 0.1 * seed, cell=other) for seed in range(5)), *alone]
    found = {summary.cell: summary.differences[0] for summary in analyse(made_run(together, cell=other))}
    lone = analyse(made_run(alone))[0].differences[0]
    assert (found[CELL].low, found[CELL].bca_low, found[CELL].high) == (lone.low, lone.bca_low, lone.high)


def test_a_failed_seed_is_named_in_the_summary():
    run = made_run([made_evidence(0, 0.0)], seeds=(0, 1), failures=[made_failure(1)])
    assert analyse(run)[0].failed_seeds == (1,)


def test_worst_is_four_when_a_trial_failed():
    run = made_run([made_evidence(0, 0.0)], seeds=(0, 1), failures=[made_failure(1)])
    assert worst(analyse(run), run.failures) == 4


def test_worst_is_zero_when_all_cells_are_identical():
    assert worst(analyse(made_run([made_evidence(0, 0.0, same_bits=True)])), ()) == 0


def test_an_undecided_cell_with_every_seed_needs_more():
    assert analyse(made_run([made_evidence(seed, value) for seed, value in enumerate((0.05, -0.06))]))[0].needs_seeds


def test_a_cell_with_a_failed_seed_does_not_need_more_but_that_one():
    run = made_run([made_evidence(0, 0.05), made_evidence(1, -0.06)], seeds=(0, 1, 2), failures=[made_failure(2)])
    assert not analyse(run)[0].needs_seeds


def test_a_cell_of_which_no_seed_was_planned_does_not_need_more():
    assert not analyse(made_run([]))[0].needs_seeds
