import math
import os
from pathlib import Path

import pytest

from pipeline.cluster import machine


@pytest.mark.parametrize(
    ("quota", "cpus"), [("200000 100000\n", 2), ("250000 100000", 2), ("50000 100000", 1), ("max 100000", math.inf)]
)
def test_quota_counts_in_whole_cpus(tmp_path: Path, quota: str, cpus: float) -> None:
    (tmp_path / "cpu.max").write_text(quota)

    assert machine._quota_cpus(tmp_path / "cpu.max") == cpus


def test_no_quota_is_no_limit(tmp_path: Path) -> None:
    assert machine._quota_cpus(tmp_path / "missing") == math.inf


def test_cpus_are_those_that_the_process_may_use() -> None:
    everything = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everything)})
    try:
        assert machine.local_capacity().cpus == 1.0
    finally:
        os.sched_setaffinity(0, everything)


def test_hidden_gpus_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    assert machine.local_capacity().gpus == 0.0
