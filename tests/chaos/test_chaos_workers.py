"""What happens to workers, on a real Ray of two CPUs: trials that train for real, alone in their processes."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from gang_trials import DIGITS, gang_trial, results
from machine_processes import processes_with
from small_ray import small_ray

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Failure, Outcome, Resources, Retries, Strategy, TrainTrial, TrialLimits

FAULTY = Runner("chaos_functions:train")
FAILING = Runner("chaos_functions:fail", "chaos_functions:configure")
QUICK = TrialLimits(start_seconds=90, stall_seconds=8, snapshot_seconds=0.01)
ONCE = Retries(infrastructure=1, preempted=1, out_of_memory=1, timeout=1)
# The fault, and the call of the compiled step after which it comes, of 12: 2 in each of 3 epochs of 2 arms.
MET = {"kill": 3, "notice": 8, "loop": 9, "stop": 5}
MARK = f"LAYERPARITY_WORKERS={time.time_ns()}"


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    with small_ray(Path(__file__).parent, variables=(MARK,)):
        yield
    deadline = time.monotonic() + 30
    while processes_with(MARK) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_with(MARK) == []


def alone(name: str, **training: Any) -> TrainTrial:
    """A trial of one process: 3 epochs of 4 steps, 2 calls each, for both arms."""
    trial = gang_trial(name, strategy=Strategy("one_device"))
    return msgspec.structs.replace(trial, training=replace(trial.training, **training), resources=Resources())


@pytest.fixture(scope="module")
def undisturbed() -> object:
    (outcome,) = execute([alone("none")], DIGITS, runner=FAULTY)
    return results(outcome)


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, Path]]:
    """By fault: what became of the trial that met it, and its folder."""
    folders = {fault: tmp_path_factory.mktemp(fault) for fault in MET}
    trials = {fault: alone(f"{fault} {beat} {folders[fault]}") for fault, beat in MET.items()}
    outcomes = execute(list(trials.values()), DIGITS, runner=FAULTY, alone=QUICK, retries=ONCE)
    ended = {outcome.trial.id.partition(" ")[0]: outcome for outcome in outcomes}
    return {fault: (ended[fault], folders[fault]) for fault in MET}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            "kill", marks=pytest.mark.fault("a trial's worker is killed (-9)", "tried again from its snapshot")
        ),
        pytest.param(
            "notice", marks=pytest.mark.fault("SIGTERM to a worker (preemption)", "saved first, then resumed")
        ),
        pytest.param("loop", marks=pytest.mark.fault("a worker is stuck, and answers", "ended, resumed elsewhere")),
        pytest.param("stop", marks=pytest.mark.fault("a worker hangs (SIGSTOP)", "ended, resumed elsewhere")),
    ],
)
def test_trial_whose_worker_met_a_fault_goes_on_and_ends_bitwise_as_if_undisturbed(
    survived, undisturbed, fault: str
) -> None:
    outcome, folder = survived[fault]

    assert results(outcome) == undisturbed
    assert outcome.worker.attempts == 2
    assert json.loads((folder / "resumed").read_text()) > [0, 0, 0]


def test_notice_loses_no_step(survived) -> None:
    """It came after 8 of 12 calls, while the 9th could have begun: call 2 of epoch 1 of the second arm."""
    assert json.loads((survived["notice"][1] / "resumed").read_text()) == [1, 1, 0]


@pytest.fixture(scope="module")
def failed() -> dict[str, Failure]:
    """By what was wrong with it: a trial that can't end well."""
    trials = [alone(fault) for fault in ("kill", "loop", "ignore_notice", "too_much")]
    limits = TrialLimits(start_seconds=15)  # more than a worker is given after a notice
    outcomes = list(execute(trials, DIGITS, runner=FAILING, alone=limits, retries=ONCE))
    outcomes += execute([alone("diverge", learning_rate=1e38)], DIGITS, runner=FAULTY, retries=ONCE)
    return {outcome.trial.id: outcome for outcome in outcomes if isinstance(outcome, Failure)}


@pytest.mark.parametrize(
    ("what", "category", "attempts", "message"),
    [
        pytest.param(
            *("kill", "infrastructure", 2, "WorkerCrashedError: "),
            marks=pytest.mark.fault("every worker of a trial dies", "failed: infrastructure, after its retries"),
        ),
        pytest.param(
            *("loop", "timeout", 2, "was ended on "),
            marks=pytest.mark.fault("a trial never begins to train", "failed: timeout, after its retries"),
        ),
        pytest.param(
            *("ignore_notice", "preempted", 2, "its worker was told to end"),
            marks=pytest.mark.fault("preempted again and again", "failed: preempted, after its retries"),
        ),
        pytest.param(
            *("too_much", "out_of_memory", 2, "MemoryError"),
            marks=pytest.mark.fault("an allocation that fails", "failed: out of memory, after its retries"),
        ),
        pytest.param(
            *("diverge", "numeric", 1, "the loss is nan"),
            marks=pytest.mark.fault("a loss that is NaN", "failed: numeric, not tried again"),
        ),
    ],
)
def test_trial_that_can_not_end_well_is_a_failure_of_its_category(
    failed, what: str, category: str, attempts: int, message: str
) -> None:
    failure = failed[what]

    assert (failure.category, failure.attempts) == (category, attempts)
    assert message in failure.message
