"""C10: what timed cells say about the cost of both styles."""

from made_runs import made_run

from pipeline.analysis.cost_answers import costs
from pipeline.records import ArmCost, Cell, CellCost, CellSummary, PhaseCost, Ratio, Spread, Strategy

CELL = Cell("lookup", "class", "functional", "ratings", Strategy("one_device"))


def timed(verdict="measured", reason=""):
    step = PhaseCost(
        Ratio(1.25, 1.2, 1.3), Ratio(1.0, 0.99, 1.01), Spread(0.004, 0.003, 0.005), Spread(0.005, 0.004, 0.006)
    )
    arms = tuple(
        ArmCost(style, 1000.0, 10, 0.2, seconds, None, None, {})
        for style, seconds in (("class", 0.5), ("functional", 0.75))
    )
    cost = CellCost(verdict, reason, "cpu", 3, {"step": step}, arms)
    return CellSummary(CELL, "equivalent", "", cost=cost)


def test_the_steps_ratio_is_told_with_its_interval_and_the_first_calls():
    answer = costs(made_run([]), [timed()])
    assert answer.sentence == (
        "1 cell timed: 1 measured. A training step of the candidate takes, of the baseline's time: lookup on ratings "
        "under one_device ×1.250 (1.200 to 1.300, first call 0.75 s against 0.5 s)."
    )
    assert (answer.missing, answer.cells) == ("", (CELL.label,))


def test_a_noisy_ratio_is_called_so_and_is_not_the_whole_answer():
    answer = costs(made_run([]), [timed("noisy", "other programs kept 2 CPUs busy")])
    assert "1.300, noisy, first call" in answer.sentence
    assert answer.missing == "a quiet machine: other programs kept 2 CPUs busy"


def test_without_timing_trials_they_are_asked_for():
    answer = costs(made_run([]), [CellSummary(CELL, "equivalent", "")])
    assert (answer.sentence, answer.missing) == ("", "timing trials (timing.processes in the config)")
