"""What `parity doctor` says of this machine, whose strategies it tries for real."""

import pytest

from pipeline import doctor
from pipeline.records import FRONTENDS, Check

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return list(doctor.examine())


def test_every_strategy_that_cpus_can_run_is_tried_under_each_frontend(checks):
    tried = {check.what for check in checks if check.detail.startswith("trains")}
    strategies = (
        "default",
        "one_device",
        "mirrored(2)",
        "multi_worker_mirrored(2 x 1)",
        "parameter_server(2 + 1 ps)",
        "central_storage(2)",
    )
    assert tried == {f"{strategy}, {frontend}" for strategy in strategies for frontend in FRONTENDS}


def test_nothing_is_broken_here(checks):
    assert [check for check in checks if check.works is False] == []


def test_what_can_not_run_is_told_once_with_its_reason(checks):
    told = {check.detail: check.what for check in checks if check.what.startswith(("unsupported", "infeasible"))}
    (tpu,) = (reason for reason in told if reason.startswith("TPUStrategy needs a TPU"))
    assert told[tpu] == "infeasible: tpu(8); tpu(8), fit; tpu(8), jit; tpu(8), jit fit"
    (wrong_loss,) = (reason for reason in told if "reports a wrong loss" in reason)
    assert told[wrong_loss] == "unsupported: central_storage(2), keras, fit; central_storage(2), keras, jit fit"
