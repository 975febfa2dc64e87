"""Hand-made records for the store's tests."""

from collections.abc import Callable

import pytest

from pipeline.records import (
    ArmResult,
    Cell,
    DataInfo,
    Environment,
    Failure,
    Plan,
    Profile,
    Resources,
    RunTiming,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
    WeightRole,
    Worker,
)

CELL = Cell(family="lookup", baseline="class", candidate="functional", data="ratings", strategy=Strategy())


def _trial(seed: int) -> TrainTrial:
    return TrainTrial(
        id=f"trial{seed}",
        cell=CELL,
        seed=seed,
        training=Training(),
        options={"width": 8, "scale": 0.5, "pool": "mean", "bias": True},
        profile=Profile(),
        resources=Resources(),
    )


def _arm(style: str) -> ArmResult:
    return ArmResult(
        style=style,
        metrics={"rmse": 0.1 + 0.2},  # a float that needs all its digits
        train_loss=(1.0, 0.5),
        held_out=(1.1, 0.9),
        weights_digest="ab" * 32,
        parameters=10,
        trainable_parameters=9,
        source_lines=5,
        build_seconds=0.1,
        train_seconds=1.5,
        examples_per_second=1000.0,
    )


@pytest.fixture
def trial() -> Callable[[int], TrainTrial]:
    return _trial


@pytest.fixture
def evidence() -> Callable[[int], TrainEvidence]:
    def make(seed: int) -> TrainEvidence:
        worker = Worker(host="h", pid=1, device="cpu", versions={"ray": "2"}, started=5.0, seconds=2.0, warm=False)
        roles = (WeightRole(role="table", shape=(3, 8), baseline="lookup/table", candidate=None),)
        return TrainEvidence(
            trial=_trial(seed), arms=(_arm("class"), _arm("functional")), weight_map=roles, worker=worker
        )

    return make


@pytest.fixture
def failure() -> Callable[[int], Failure]:
    return lambda seed: Failure(
        trial=_trial(seed), category="user_code", message="it broke", traceback="line 1\nline 2"
    )


@pytest.fixture
def plan() -> Plan:
    return Plan(trials=(_trial(2), _trial(1)), excluded=(), data=("ratings",), cells=(CELL,))


@pytest.fixture
def environment() -> Environment:
    return Environment(
        started=1.0,
        versions={"ray": "2"},
        python="3.11",
        platform="linux",
        cpu="a cpu",
        cores=2,
        memory_gib=4.0,
        devices=("cpu",),
        git_commit="",
        git_clean=None,
        command="parity run",
    )


@pytest.fixture
def data() -> tuple[DataInfo, ...]:
    info = DataInfo(
        name="ratings", kinds=("ids",), task="rating", fingerprint="f", licence="free", citation="none", rows=100
    )
    return (info,)


@pytest.fixture
def timing() -> Callable[[float], RunTiming]:
    return lambda started: RunTiming(
        started=started, seconds=3.0, startup_seconds=1.0, trials_run=2, trials_skipped=0, cpus=2.0
    )
