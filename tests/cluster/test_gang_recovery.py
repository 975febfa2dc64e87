"""Gangs that really train, on a real Ray, and lose a member."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import ray
from gang_functions import FOLDER
from gang_trials import DIGITS, TWO_WORKERS_AND_PS, gang_trial, pids, results

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import GangLimits, Outcome

FAULTY = Runner(run="gang_functions:train", serve="gang_functions:serve")
LIMITS = GangLimits(stall_seconds=12)


@pytest.fixture(scope="module", autouse=True)
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    variables = {"PYTHONPATH": str(Path(__file__).parent), FOLDER: str(tmp_path_factory.mktemp("servers"))}
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 2**20,
        runtime_env={"env_vars": variables},
    )
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def undisturbed() -> list[Outcome]:
    """Seeds 0 and 1, one after the other in one gang."""
    return list(execute([gang_trial(f"seed{seed}", seed=seed, cpus=1.0) for seed in (0, 1)], DIGITS))


def test_gang_takes_trial_after_trial_in_the_same_processes(undisturbed) -> None:
    assert pids(undisturbed[0]) == pids(undisturbed[1])
    assert [outcome.worker.warm for outcome in undisturbed] == [False, True]


@pytest.mark.parametrize(
    ("fault", "beat", "resumed"),
    [
        ("kill", 3, [0, 1]),
        pytest.param("stop", 5, [0, 2], marks=pytest.mark.long),
        pytest.param("stick", 9, [1, 1], marks=pytest.mark.long),
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


@pytest.mark.long
def test_parameter_servers_gang_with_a_lost_server_goes_on_and_equals_one_device(tmp_path: Path) -> None:
    trial = gang_trial(f"kill_worker_1 3 {tmp_path}", strategy=TWO_WORKERS_AND_PS)

    (outcome,) = execute([msgspec.structs.replace(trial, agreement=True)], DIGITS, runner=FAULTY, limits=LIMITS)

    assert outcome.worker.attempts == 2
    assert json.loads((tmp_path / "resumed").read_text()) == [0, 1]
    assert [max(arm.weights.values()) for arm in outcome.agreement] == pytest.approx([0, 0], abs=1e-6)
