"""Time trials on a real Ray of two CPUs: in processes of their own, and alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_evidence
from small_ray import small_ray

from pipeline.cluster import local_executor
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner

NOTING = Runner("time_functions:noting", "time_functions:configure")
LOG = "TIME_FUNCTIONS_LOG"

Line = tuple[str, str, float, float]  # kind, process, beginning, end


def lines(log: Path) -> list[Line]:
    """In the order in which the trials began."""
    found = [line.split() for line in log.read_text().splitlines()]
    return sorted(((kind, pid, float(began), float(ended)) for kind, pid, began, ended in found), key=lambda of: of[2])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def there(log: Path) -> Iterator[None]:
    with small_ray(Path(__file__).parent, variables=(f"{LOG}={log}",)):
        yield


@pytest.mark.usefixtures("there")
def test_time_trials_run_last_and_alone_each_in_a_fresh_process(log, trial, datasets) -> None:
    train = [trial(seed) for seed in range(4)]
    cell = train[0].cell
    times = [time_evidence.trial(process, cell=cell) for process in range(3)]

    outcomes = list(execute([*times, *train], datasets, runner=NOTING))

    assert {outcome.trial.id for outcome in outcomes} == {each.id for each in (*times, *train)}
    found = lines(log)
    assert [kind for kind, *_ in found] == ["train"] * 4 + ["time"] * 3
    ends = [ended for *_, ended in found]
    assert all(max(ends[:at]) <= began for at, (kind, _, began, _) in enumerate(found) if kind == "time")
    processes = [pid for _, pid, *_ in found]
    assert len(set(processes[4:])) == 3
    assert not set(processes[:4]) & set(processes[4:])


def test_the_local_executor_keeps_the_plans_order(log, monkeypatch, trial, datasets) -> None:
    from time_functions import configure, noting

    monkeypatch.setenv(LOG, str(log))
    train = trial(1)
    planned = [train, time_evidence.trial(0, cell=train.cell), time_evidence.trial(1, cell=train.cell)]
    list(local_executor.execute(planned, datasets, runner=Runner(noting, configure)))
    assert [kind for kind, *_ in lines(log)] == ["train", "time", "time"]
