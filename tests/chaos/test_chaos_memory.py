"""A trial that takes too much memory, under Ray's memory monitor."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gang_trials import DIGITS, gang_trial
from msgspec import structs
from small_ray import small_ray

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Failure, Resources, Retries, Strategy

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
ALLOWANCE = 3 * 2**30  # bytes more than are taken now: the trial would take 20 GB


@pytest.fixture(autouse=True)
def _cluster() -> Iterator[None]:
    fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    total, free = (int(fields[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    system = {"memory_usage_threshold": (total - free + ALLOWANCE) / total, "memory_monitor_refresh_ms": 100}
    with small_ray(Path(__file__).parent, _system_config=system):
        yield


@pytest.mark.fault("memory runs out, and Ray's monitor kills the worker", "failed: out of memory, after its retries")
def test_trial_that_ray_kills_for_its_memory_is_out_of_memory_and_not_blamed_on_the_machine() -> None:
    greedy = structs.replace(gang_trial("exhaust", strategy=Strategy("one_device")), resources=Resources())
    runner = Runner("chaos_functions:fail", "chaos_functions:configure")

    (outcome,) = execute([greedy], DIGITS, runner=runner, retries=Retries(out_of_memory=1))

    assert isinstance(outcome, Failure)
    assert (outcome.category, outcome.attempts) == ("out_of_memory", 2)
