import pytest
from trial_functions import configure, misbehave, not_finite, report

from pipeline.cluster.worker import Runner, resolved, run_trial
from pipeline.records import Failure, TrainEvidence


def test_trial_that_works_gives_its_evidence(trial, datasets) -> None:
    outcome = run_trial(trial(1), datasets["tiny"], Runner(report, configure))

    assert isinstance(outcome, TrainEvidence)
    assert outcome.trial == trial(1)
    assert outcome.arms[0].metrics["sum"] == 100_000.0


@pytest.mark.parametrize(
    ("fault", "category", "message"),
    [
        ("diverge", "numeric", "seed 1: the loss is NaN"),
        ("raise", "user_code", "ValueError: first line"),
        ("exit", "user_code", "SystemExit: 3"),
        ("lose_peer", "infrastructure", "UnavailableError: Connection reset by peer"),
        ("lose_port", "infrastructure", "UnknownError: Could not start gRPC server"),
        ("err_in_tensorflow", "user_code", "UnknownError: {{function_node f}} KeyError: 'user'"),
        ("exhaust", "out_of_memory", "MemoryError: no message"),
    ],
)
def test_exception_becomes_a_failure_of_its_category(trial, fault: str, category: str, message: str) -> None:
    outcome = run_trial(trial(1, fault=fault), None, Runner(misbehave, configure))

    assert isinstance(outcome, Failure)
    assert (outcome.category, outcome.message) == (category, message)
    assert "in misbehave" in outcome.traceback


def test_failure_tells_no_secret(trial) -> None:
    outcome = run_trial(trial(1, fault="tell_a_secret"), None, Runner(misbehave, configure))

    assert isinstance(outcome, Failure)
    assert outcome.message == "ConnectionError: refused by https://(redacted)@host, api_key=(redacted)"
    assert "hunter2" not in outcome.traceback
    assert "in misbehave" in outcome.traceback


def test_evidence_with_a_nan_is_a_numeric_failure(trial) -> None:
    outcome = run_trial(trial(1), None, Runner(not_finite, configure))

    assert isinstance(outcome, Failure)
    assert outcome.category == "numeric"
    assert "rmse" in outcome.message or "metrics" in outcome.message


def test_failure_to_set_the_process_up_is_a_failure_of_the_trial(trial) -> None:
    outcome = run_trial(trial(1), None, Runner(report, "no_such_module:configure"))

    assert isinstance(outcome, Failure)
    assert outcome.message == "ModuleNotFoundError: No module named 'no_such_module'"


def test_function_is_found_by_its_name() -> None:
    assert resolved("trial_functions:report") is report
