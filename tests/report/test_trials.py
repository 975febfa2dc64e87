import msgspec
from golden_run import BROKEN_SEED, LOOKUP_TWO

from pipeline.report import trials


def test_every_planned_trial_has_a_row_in_order(golden):
    assert [row.id for row in trials.trial_rows(golden)] == [trial.id for trial in golden.plan.trials]


def test_a_failed_trial_is_a_row_with_its_reason(golden):
    failed = [row for row in trials.trial_rows(golden) if row.outcome == "failed"]
    assert [row.label for row in failed] == [f"{BROKEN_SEED[0].label} · seed {BROKEN_SEED[1]}"]
    assert "<nan>" in failed[0].result


def test_worker_rows_add_up_to_all_trials(golden):
    assert sum(row.trials for row in trials.worker_rows(golden)) == len(golden.evidence)


def test_a_worker_that_began_with_a_fresh_process_is_cold(golden):
    assert [row.first_was_cold for row in trials.worker_rows(golden)] == [True, True, True]


def test_a_gang_is_shown_with_its_members_and_how_often_it_was_formed(golden):
    gangs = {row.gang for row in trials.trial_rows(golden)}
    members = "golden-host:5000, golden-host:5001, golden-host:5002, golden-host:5003"
    assert gangs == {"", f"gang of 4 ({members}), started twice"}


def test_a_trial_that_waits_for_its_input_says_so(golden):
    flagged = [row for row in trials.trial_rows(golden) if "input-bound" in row.result]
    assert [row.label for row in flagged] == [f"{LOOKUP_TWO.label} · seed 4"]
    assert "class arm input-bound: 20000 examples a second from the input alone, 16000 in training" in flagged[0].result


def test_the_note_on_input_counts_trials_and_names_the_worst(golden):
    note = trials.input_note(golden)
    assert note.startswith("Input-bound: 1 of 39 train trials, ")
    assert f"The worst is {LOOKUP_TWO.label} · seed 4, class arm: 20000 examples a second" in note


def test_there_is_no_note_on_input_where_no_trial_waits_for_it(golden):
    assert not trials.input_note(msgspec.structs.replace(golden, evidence=()))


def test_a_moment_is_in_utc():
    assert trials.moment(0.0) == "1970-01-01 00:00:00 UTC"
