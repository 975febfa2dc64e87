"""Gangs that really train, on a real Ray, and lose a member."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from gang_functions import FOLDER
from gang_leftovers import nothing_left_of_gangs
from gang_trials import DIGITS, TWO_WORKERS_AND_PS, gang_trial, pids, results
from small_ray import small_ray

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import GangLimits, Outcome

FAULTY = Runner(run="gang_functions:train", serve="gang_functions:serve")
LIMITS = GangLimits(stall_seconds=12)
MARK = f"LAYERPARITY_GANG_RECOVERY={os.getpid()}"


@pytest.fixture(scope="module", autouse=True)
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    servers = tmp_path_factory.mktemp("servers")
    with small_ray(Path(__file__).parent, variables=(MARK, f"{FOLDER}={servers}")):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    with nothing_left_of_gangs(MARK):
        yield


@pytest.fixture(scope="module")
def undisturbed() -> list[Outcome]:
    """Seeds 0 and 1, one after the other in one gang."""
    return list(execute([gang_trial(f"seed{seed}", seed=seed, cpus=1.0) for seed in (0, 1)], DIGITS))


def test_gang_takes_trial_after_trial_in_the_same_processes(undisturbed) -> None:
    assert pids(undisturbed[0]) == pids(undisturbed[1])
    assert [outcome.worker.warm for outcome in undisturbed] == [False, True]


@pytest.mark.fault("a gang's member is killed, hangs or is stuck", "all start again from the last common epoch")
@pytest.mark.parametrize(
    ("fault", "beat", "resumed"),
    [
        ("kill", 3, [0, 1, 0]),
        pytest.param("stop", 5, [0, 2, 0], marks=pytest.mark.long),
        pytest.param("loop", 9, [1, 1, 0], marks=pytest.mark.long),
    ],
)
def test_gang_with_a_lost_member_goes_on_and_ends_bitwise_as_if_undisturbed(
    undisturbed, fault: str, beat: int, resumed: list[int], tmp_path: Path
) -> None:
    trial = gang_trial(f"{fault} {beat} {tmp_path}", seed=1)

    (outcome,) = execute([trial], DIGITS, runner=FAULTY, limits=LIMITS)

    assert results(outcome) == results(undisturbed[1])
    assert outcome.worker.attempts == 2
    assert json.loads((tmp_path / "resumed").read_text()) == resumed
    assert time.time() - (tmp_path / "met").stat().st_mtime < 60


@pytest.mark.fault("a parameter server's worker is killed", "the gang starts again from its last epoch")
@pytest.mark.long
def test_parameter_servers_gang_with_a_lost_server_goes_on_and_equals_one_device(tmp_path: Path) -> None:
    trial = gang_trial(f"kill_worker_1 3 {tmp_path}", strategy=TWO_WORKERS_AND_PS)

    (outcome,) = execute([msgspec.structs.replace(trial, agreement=True)], DIGITS, runner=FAULTY, limits=LIMITS)

    assert outcome.worker.attempts == 2
    assert json.loads((tmp_path / "resumed").read_text()) == [0, 1, 0]
    assert [max(arm.weights.values()) for arm in outcome.agreement] == pytest.approx([0, 0], abs=1e-6)
