"""What several test folders share."""

import signal
from pathlib import Path

import pytest

from pipeline.records import DataInfo, FamilyInfo, Inventory

# What runs in a shell's background ignores Ctrl-C, and so would every process that a test starts and interrupts.
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
    "cluster": "cluster",
    "e2e": "cluster",
    "e2e_cluster": "cluster",
    "jobs": "cluster",
    "strategies": "strategies",
    "test_cli.py": "cluster",
    "test_doctor.py": "cluster",
    "test_readme.py": "cluster",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For several workers (`pytest -n 2 --dist loadgroup`): long groups first, and a file's tests in one worker."""
    here = Path(__file__).parent
    groups = [WITH_RAY.get(item.path.relative_to(here).parts[0], str(item.path)) for item in items]
    for item, group in zip(items, groups, strict=True):
        item.add_marker(pytest.mark.xdist_group(group))
    long = [item for item, group in zip(items, groups, strict=True) if group in WITH_RAY.values()]
    items[:] = [*long, *(item for item in items if item not in set(long))]
