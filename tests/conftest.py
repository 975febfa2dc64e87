"""What several test folders share."""

import signal
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from pipeline.records import DataInfo, FamilyInfo, Inventory


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> None:
    """What runs in a shell's background, or has ended by Ctrl-C, ignores it; so would every process started here."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def inventory() -> Inventory:
    """Three families and three data sets, one of each kind, as the product's own, with made-up digests."""
    families = (
        FamilyInfo("projection", ("vectors",), ("class", "functional", "lambda"), "p1", ("units",)),
        FamilyInfo("lookup", ("ids",), ("class", "functional"), "l1", ("width",)),
        FamilyInfo("stateful", ("windows",), ("class", "functional"), "s1", ("units",)),
    )
    data = (
        DataInfo("digits", ("vectors",), "classification", "d1", "", "", 4000),
        DataInfo("ratings", ("ids",), "rating", "r1", "", "", 80000),
        DataInfo("series", ("windows",), "forecast", "t1", "", "", 1100),
    )
    return Inventory(
        {f.name: f for f in families}, {d.name: d for d in data}, {"tensorflow": "2.21.0", "keras": "3.15.1"}, "engine"
    )


# Whose tests start Ray: a group's tests run one after another, so that no more than these start it at once.
WITH_RAY = {
    "chaos": "cluster",
    "cluster": "cluster",
    "e2e": "cluster",
    "e2e_cluster": "cluster",
    "jobs": "cluster",
    "strategies": "strategies",
    "test_cli.py": "cluster",
    "test_doctor.py": "cluster",
    "test_readme.py": "cluster",
}


def group(test: str) -> str:
    """What runs in one worker process: the tests of a file, or of all files that share a Ray."""
    path = test.partition("::")[0]
    return WITH_RAY.get(path.split("/")[1], path)


class ByGroup(LoadScopeScheduling):
    """Hands whole groups to workers (pytest-xdist 3.8's own, loadgroup, does not see groups under pytest 9)."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """For `pytest -n 2`."""
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The groups that take longest come first; benchmarks.reliability is told which faults a test meets, by junit."""
    for item in items:
        for marker in item.iter_markers("fault"):
            item.user_properties += [("fault", " → ".join(marker.args)), ("test", item.nodeid)]
    items.sort(key=lambda item: group(item.nodeid) not in WITH_RAY.values())
