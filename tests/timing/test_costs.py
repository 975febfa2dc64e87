"""What time trials come to, on made-up evidence."""

import msgspec
import pytest
from time_evidence import CELL, QUIET, evidence, phase, trial

from pipeline.analysis.timing import cost, costs
from pipeline.records import (
    PHASES,
    Block,
    Environment,
    PhaseTiming,
    Plan,
    ProgramCost,
    Run,
    Strategy,
    UntimedCell,
    Worker,
)


def three(**changes):
    return [evidence(process, **changes) for process in range(3)]


def run(found, planned=3, untimed=()):
    plan = Plan(tuple(trial(process) for process in range(planned)), (), ("digits",), (CELL,), untimed)
    here = Environment(0.0, {}, "", "", "", 2, 1.0, (), "", None, "")
    return Run("r", "", {}, plan, tuple(found), (), here, ())


def test_even_timings_are_measured():
    found = cost(three(), 3)
    assert (found.verdict, found.reason, found.processes, found.flags) == ("measured", "", 3, ())


def test_the_ratio_is_candidate_over_baseline():
    assert cost(three(), 3).phases["step"].ratio.value == pytest.approx(1.1)


def test_the_control_is_the_baseline_over_itself():
    assert cost(three(), 3).phases["step"].control.value == pytest.approx(1.0)


def test_step_times_are_in_seconds():
    assert cost(three(), 3).phases["step"].candidate.median == pytest.approx(110e-6)


def test_examples_a_second_follow_from_the_step():
    assert [arm.examples_per_second for arm in cost(three(), 3).arms] == pytest.approx([100 / 100e-6, 100 / 110e-6])


def test_the_first_arms_set_up_does_not_count_as_tracing():
    assert [arm.trace_seconds for arm in cost(three(), 3).arms] == [0.5, 0.5]


def test_compiling_is_the_first_call_without_its_step():
    assert cost(three(), 3).arms[0].compile_seconds == pytest.approx(0.25 - 100e-6)


def test_memory_is_of_the_processes_that_told_it():
    assert [arm.peak_bytes for arm in cost(three(), 3).arms] == [2**20, 2**20]


def test_programs_are_of_the_process_that_told_them():
    assert cost(three(), 3).arms[1].programs["step"] == ProgramCost(1000, 400, 50)


def test_energy_is_absent_where_it_was_not_counted():
    assert cost(three(), 3).arms[0].joules_per_step is None


def test_energy_is_of_one_step():
    blocks = tuple(Block(arm, (100.0,) * 3, joules=6.0) for arm in (0, 1, 2, 2, 1, 0))
    counted = {name: PhaseTiming(10, True, 0.1, 0, blocks) for name in PHASES}
    assert cost(three(phases=counted), 3).arms[0].joules_per_step == pytest.approx(6.0 / (10 * 3))


def test_two_processes_are_too_few():
    found = cost(three()[:2], 3)
    assert found.verdict == "incomplete"
    assert found.reason == "2 of 3 processes gave timings, and 3 are needed; run again: finished trials are kept"


@pytest.mark.parametrize(
    "change",
    [
        {"hardware": "another CPU, 2 CPUs"},
        {"worker": Worker("h", 9, "x86_64 CPU", {"tensorflow": "2.22.0"}, 0.0, 5.0, False)},
        {"worker": Worker("h", 9, "Tesla T4", {"tensorflow": "2.21.0"}, 0.0, 5.0, False)},
    ],
)
def test_different_machines_and_versions_never_mix(change):
    found = cost([*three(), evidence(3, **change)], 4)
    assert (found.verdict, found.phases) == ("incomplete", {})
    assert found.reason.startswith("timings of different machines or versions never mix: ")


def test_a_control_that_is_not_one_makes_a_timing_noisy():
    found = cost([evidence(process, (100.0, 110.0, 103.0 + 0.1 * process)) for process in range(3)], 3)
    assert found.verdict == "noisy"
    assert found.reason.startswith("the baseline against itself took 1.031 [")
    assert found.reason.endswith("time again on a machine that does nothing else, or in more timing.processes")


def test_a_control_that_tells_nothing_makes_a_timing_noisy():
    found = cost([evidence(process, (100.0, 110.0, 100.0 + 20 * (process - 1))) for process in range(3)], 3)
    assert found.phases["step"].control.low < 1 < found.phases["step"].control.high
    assert found.verdict == "noisy"


def test_a_noisy_timing_keeps_its_figures():
    assert set(cost([evidence(n, (100.0, 110.0, 150.0)) for n in range(3)], 3).phases) == set(PHASES)


def test_a_process_that_ran_other_trials_makes_a_timing_noisy():
    warm = Worker("h", 1, "x86_64 CPU", {"tensorflow": "2.21.0"}, 0.0, 5.0, True)
    found = cost([*three()[:2], evidence(2, worker=warm)], 3)
    assert (found.verdict, found.reason) == (
        "noisy",
        "1 of 3 processes had run other trials before; leave out --executor local",
    )


def test_contention_is_flagged_with_its_process():
    disturbed = msgspec.structs.replace(QUIET, flags=("load average 9.0 on 2 CPUs at the beginning",))
    found = cost([*three()[:2], evidence(2, contention=disturbed)], 3)
    assert found.flags == ("process 2: load average 9.0 on 2 CPUs at the beginning",)


def test_a_warm_up_that_did_not_settle_is_flagged():
    unsteady = {name: msgspec.structs.replace(phase((100.0, 110.0, 100.0)), steady=False) for name in PHASES}
    found = cost([*three()[:2], evidence(2, phases=unsteady)], 3)
    assert found.flags[0] == "process 2: the warm-up of the forward phase ended before it was steady"


def test_a_run_has_a_cost_for_every_timed_cell():
    assert {cell: found.verdict for cell, found in costs(run(three())).items()} == {CELL: "measured"}


def test_a_planned_process_without_evidence_is_missed():
    assert costs(run(three()[:1]))[CELL].reason.startswith("1 of 3 processes gave timings")


def test_a_cell_that_can_not_be_timed_says_why():
    gang = msgspec.structs.replace(CELL, strategy=Strategy("multi_worker_mirrored", workers=2))
    found = costs(run(three(), untimed=(UntimedCell(gang, "it takes several processes"),)))
    assert (found[gang].verdict, found[gang].reason) == ("unsupported", "it takes several processes")


def test_a_run_without_time_trials_has_no_costs():
    assert costs(run((), planned=0)) == {}
