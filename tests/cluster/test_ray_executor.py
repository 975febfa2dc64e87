"""On a real Ray of two CPUs and a made-up GPU, shared by the tests of this file."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import ray
from small_ray import small_ray

from pipeline.cluster.ray_executor import by_profile, execute
from pipeline.cluster.session import connected
from pipeline.cluster.worker import Runner
from pipeline.errors import ClusterError
from pipeline.records import Failure, Profile, TrainEvidence

REPORT = Runner("trial_functions:report", "trial_functions:configure")
MISBEHAVE = Runner("trial_functions:misbehave", "trial_functions:configure")


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CUDA_VISIBLE_DEVICES", raising=False)  # set, it hides the made-up GPU
        with small_ray(Path(__file__).parent, num_gpus=1):
            yield


def test_worker_stays_warm_within_a_profile_and_is_not_shared_between_profiles(trial, datasets) -> None:
    one, two = Profile(), Profile(frontend="tf_keras", threads=2)
    trials = [trial(seed, profile=profile, cpus=2.0) for seed, profile in enumerate((one, two, one, two))]

    outcomes = list(execute(trials, datasets, runner=REPORT))

    pids = {profile: {o.worker.pid for o in outcomes if o.trial.profile == profile} for profile in (one, two)}
    assert [len(pids[one]), len(pids[two])] == [1, 1]
    assert pids[one] != pids[two]
    assert [o.worker.warm for o in outcomes] == [False, True, False, True]
    assert [o.worker.versions["PARITY_FRONTEND"] for o in outcomes] == ["keras", "keras", "tf_keras", "tf_keras"]
    assert os.getpid() not in pids[one] | pids[two]


def test_data_set_arrives_whole_and_read_only(trial, datasets) -> None:
    (outcome,) = execute([trial(1)], datasets, runner=REPORT)

    assert outcome.arms[0].metrics == {"sum": 100_000.0, "writable": 0.0}


def test_outcomes_stream_while_others_run(trial, datasets) -> None:
    start = time.monotonic()
    with closing(execute([trial(1, seconds=30), trial(2)], datasets, runner=REPORT)) as outcomes:
        assert next(outcomes).trial.seed == 2

    assert time.monotonic() - start < 20  # closing also killed the one that slept


def test_start_is_told_before_the_outcome_and_only_for_what_has_begun(trial, datasets) -> None:
    begun: list[int] = []
    trials = [trial(seed, seconds=0.2, cpus=2.0) for seed in range(3)]

    progress = [
        (outcome.trial.seed, list(begun))
        for outcome in execute(trials, datasets, runner=REPORT, on_start=lambda t: begun.append(t.seed))
    ]

    assert progress == [(0, [0]), (1, [0, 1]), (2, [0, 1, 2])]


def test_no_more_than_twice_what_can_run_is_handed_to_ray(trial, datasets, monkeypatch: pytest.MonkeyPatch) -> None:
    waited_for: list[int] = []
    wait = ray.wait

    def counting(tasks, **options):
        waited_for.append(len(tasks))
        return wait(tasks, **options)

    monkeypatch.setattr(ray, "wait", counting)
    outcomes = list(execute([trial(seed) for seed in range(10)], datasets, runner=REPORT))

    assert len(outcomes) == 10
    assert max(waited_for) == 4


def test_exception_is_a_failure_and_the_others_go_on(trial, datasets) -> None:
    trials = [trial(1, fault="raise"), trial(2), trial(3, fault="diverge"), trial(4)]

    outcomes = {o.trial.seed: o for o in execute(trials, datasets, runner=MISBEHAVE)}

    assert {seed: o.category for seed, o in outcomes.items() if isinstance(o, Failure)} == {
        1: "user_code",
        3: "numeric",
    }
    assert isinstance(outcomes[2], TrainEvidence)
    assert isinstance(outcomes[4], TrainEvidence)


def test_worker_that_always_dies_is_an_infrastructure_failure_and_the_others_go_on(trial, datasets) -> None:
    trials = [trial(1, fault="kill"), trial(2), trial(3)]

    outcomes = {o.trial.seed: o for o in execute(trials, datasets, runner=MISBEHAVE)}

    assert isinstance(outcomes[1], Failure)
    assert outcomes[1].category == "infrastructure"
    assert outcomes[1].message.startswith("WorkerCrashedError: ")
    assert outcomes[1].attempts == 3
    assert isinstance(outcomes[2], TrainEvidence)
    assert isinstance(outcomes[3], TrainEvidence)


def test_worker_that_dies_once_is_tried_again(trial, datasets, tmp_path: Path) -> None:
    begun: list[int] = []
    dies_once = trial(1, fault="kill_once", marker=str(tmp_path / "died"))

    (outcome,) = execute([dies_once], datasets, runner=MISBEHAVE, on_start=lambda t: begun.append(t.seed))

    assert isinstance(outcome, TrainEvidence)
    assert outcome.worker.attempts == 2
    assert begun == [1]


def test_gpu_trial_sees_its_gpu_and_leaves_no_process_behind(trial, datasets) -> None:
    trials = [trial(seed, profile=Profile(device="gpu"), gpus=1.0) for seed in (1, 2)]

    outcomes = list(execute(trials, datasets, runner=REPORT))

    assert [o.worker.versions["CUDA_VISIBLE_DEVICES"] for o in outcomes] == ["0", "0"]
    assert len({o.worker.pid for o in outcomes}) == 2


def test_cpu_trial_sees_no_gpu(trial, datasets) -> None:
    (outcome,) = execute([trial(1)], datasets, runner=REPORT)

    assert outcome.worker.versions["CUDA_VISIBLE_DEVICES"] == "-1"


def test_trial_larger_than_the_cluster_is_refused_before_anything_runs(trial, datasets) -> None:
    begun: list[int] = []

    with pytest.raises(ClusterError, match="needs 64 CPUs; the cluster's nodes have 2 CPUs"):
        list(execute([trial(1), trial(2, cpus=64.0)], datasets, on_start=lambda t: begun.append(t.seed), runner=REPORT))

    assert begun == []


def test_connection_that_was_there_is_used_and_left_open() -> None:
    with connected() as there:
        assert (there.cpus, there.gpus) == (2.0, 1.0)

    assert ray.is_initialized()


def test_trials_of_a_profile_are_put_together(trial) -> None:
    one, two = Profile(), Profile(logical_devices=2)
    trials = [trial(seed, profile=profile) for seed, profile in enumerate((one, two, one, two))]

    assert [t.seed for t in by_profile(trials)] == [0, 2, 1, 3]


def test_no_trials_give_no_outcomes(datasets) -> None:
    assert list(execute([], datasets, runner=REPORT)) == []
