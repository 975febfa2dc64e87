"""What several test folders share."""

import pytest

from pipeline.records import DataInfo, FamilyInfo, Inventory


@pytest.fixture
def inventory() -> Inventory:
    """Three families and three data sets, one of each kind, as the product's own, with made-up digests."""
    families = (
        FamilyInfo("projection", "vectors", ("class", "functional", "lambda"), "p1", ("units",)),
        FamilyInfo("lookup", "ids", ("class", "functional"), "l1", ("width",)),
        FamilyInfo("stateful", "windows", ("class", "functional"), "s1", ("units",)),
    )
    data = (
        DataInfo("digits", "vectors", "classification", "d1", "", "", 4000),
        DataInfo("ratings", "ids", "rating", "r1", "", "", 80000),
        DataInfo("series", "windows", "forecast", "t1", "", "", 1100),
    )
    return Inventory(
        {f.name: f for f in families}, {d.name: d for d in data}, {"tensorflow": "2.21.0", "keras": "3.15.1"}, "engine"
    )
