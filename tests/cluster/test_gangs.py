"""Gangs on a real Ray of two CPUs.  They train nothing, so that they are quick."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import ray
from gang_leftovers import nothing_left_of_gangs
from gang_trials import DIGITS, TWO_WORKERS_AND_PS, gang_trial, pids
from ray.util import placement_group, placement_group_table, remove_placement_group
from small_ray import small_ray

from pipeline.cluster.gangs import by_kind, room
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.errors import ClusterError
from pipeline.records import Capacity, Failure, GangLimits, Node, Outcome, Strategy, TrainEvidence

RUNNER = Runner("gang_functions:misbehave", "trial_functions:configure", "gang_functions:serve")
MARK = f"LAYERPARITY_GANG_TEST={os.getpid()}"


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    with small_ray(Path(__file__).parent, variables=(MARK,)):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_left_of_gangs(MARK):
        yield


def run(*names: str, **limits: float) -> list[Outcome]:
    trials = [gang_trial(name, cpus=1.0) for name in names]
    return list(execute(trials, DIGITS, runner=RUNNER, limits=GangLimits(**limits)))


def test_members_say_who_they_are() -> None:
    (outcome,) = run("none")

    assert isinstance(outcome, TrainEvidence)
    host, node = os.uname().nodename, ray.nodes()[0]["NodeID"][:8]
    described = [member.rpartition(" ")[0] for member in outcome.worker.members]
    assert described == [f"worker:0 {host}/{node} pid", f"worker:1 {host}/{node} pid"]
    assert outcome.worker.pid == pids(outcome)[0]
    assert outcome.worker.attempts == 1


def test_gang_of_a_parameter_server_has_a_chief_that_runs_and_others_that_serve() -> None:
    (outcome,) = execute([gang_trial("none", strategy=TWO_WORKERS_AND_PS)], DIGITS, runner=RUNNER)

    assert [member.split()[0] for member in outcome.worker.members] == ["chief:0", "worker:0", "worker:1", "ps:0"]
    assert outcome.worker.pid == pids(outcome)[0]


def test_gang_that_can_not_fit_is_refused_within_seconds_with_what_is_lacking() -> None:
    start = time.monotonic()

    with pytest.raises(ClusterError, match="needs 2 processes of 2 CPUs; the cluster's nodes have 2 CPUs"):
        list(execute([gang_trial("none", cpus=2.0)], DIGITS, runner=RUNNER))

    assert time.monotonic() - start < 5


@pytest.mark.fault("the cluster has no room for a gang", "failed after a time limit, with what is free")
def test_gang_that_gets_no_place_in_time_is_a_failure_that_says_what_is_free() -> None:
    taken = placement_group([{"CPU": 1.5}])
    assert taken.wait(30)
    try:
        (outcome,) = run("none", placement_seconds=1)
    finally:
        remove_placement_group(taken)

    assert isinstance(outcome, Failure)
    assert outcome.category == "infrastructure"
    assert outcome.message == (
        "multi_worker_mirrored(2 x 1): its 2 processes of 1 CPU each got no places within 1 s; "
        "free on the cluster: 0.5 CPU"
    )


@pytest.mark.fault("a gang is lost again and again", "failed, with what each attempt met; no process or place is left")
def test_gang_that_is_always_lost_is_a_failure_that_names_its_attempts() -> None:
    lost, other = run("kill", "none", restarts=1)

    assert isinstance(lost, Failure)
    assert lost.category == "infrastructure"
    assert lost.message.startswith("the gang was lost in each of 2 attempts; attempt 2: worker:1 ")
    assert [line.split(": worker:1")[0] for line in lost.traceback.splitlines()] == ["attempt 1", "attempt 2"]
    assert isinstance(other, TrainEvidence)


@pytest.mark.parametrize(
    ("fault", "category", "message"),
    [("raise", "user_code", "ValueError: a user's own mistake"), ("diverge", "numeric", "the loss is NaN")],
)
def test_trials_own_error_in_one_member_ends_it_without_another_attempt(
    fault: str, category: str, message: str
) -> None:
    formed = len(placement_group_table())

    (outcome,) = run(fault)

    assert isinstance(outcome, Failure)
    assert (outcome.category, outcome.message) == (category, message)
    assert len(placement_group_table()) == formed + 1


def test_stopped_member_is_missed() -> None:
    (outcome,) = run("stop", restarts=0, stall_seconds=2)

    assert isinstance(outcome, Failure)
    assert "worker:0 answers, but has made no progress for 2 s; worker:1 has not answered for 2 s" in outcome.message


def test_closing_the_outcomes_ends_what_runs() -> None:
    begun: list[str] = []
    trials = [gang_trial(name, cpus=1.0) for name in ("none", "stick")]
    with closing(execute(trials, DIGITS, runner=RUNNER, on_start=lambda trial: begun.append(trial.id))) as outcomes:
        assert next(outcomes).trial.id == "none"

    assert begun == ["none"]


def test_start_is_told_once_however_often_the_gang_is_formed() -> None:
    begun: list[str] = []

    list(
        execute(
            [gang_trial("stop", cpus=1.0)],
            DIGITS,
            runner=RUNNER,
            limits=GangLimits(restarts=1, stall_seconds=1),
            on_start=lambda trial: begun.append(trial.id),
        )
    )

    assert begun == ["stop"]


def test_single_processes_come_before_gangs(trial, datasets) -> None:
    runner = Runner("gang_functions:either", "trial_functions:configure")

    outcomes = execute([gang_trial("none"), trial(1)], {**DIGITS, **datasets}, runner=runner)

    assert [outcome.trial.id for outcome in outcomes] == ["trial1", "none"]


def test_trials_of_one_kind_share_a_gang() -> None:
    other = Strategy("multi_worker_mirrored", workers=3)
    trials = [gang_trial("a"), gang_trial("b", strategy=other), gang_trial("c", seed=1)]

    assert [[trial.id for trial in kind] for kind in by_kind(trials)] == [["a", "c"], ["b"]]


def test_there_are_as_many_gangs_as_have_room_and_trials() -> None:
    nodes = (Node(3.0), Node(2.0))  # five processes of one CPU: two gangs of two

    assert room([gang_trial(cpus=1.0)] * 9, Capacity(5.0, nodes=nodes)) == 2
    assert room([gang_trial(cpus=1.0)], Capacity(5.0, nodes=nodes)) == 1
