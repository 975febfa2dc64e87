"""Families of other packages: what is found, and what is refused with which words."""

import importlib
import sys

import pytest

from pipeline.errors import ConfigError
from pipeline.layers import registry

ENTRY = """
from pipeline.layers.registry import Entry

ENTRY = Entry(name={name!r}, modules=({modules!r},), accepts=("vectors",), styles=("class",))
OTHER = Entry(name={name!r}, modules=({modules!r},), accepts=("vectors",), styles=("class",))
NUMBER = 5


def make():
    return ENTRY
"""
FAMILY = """
from pipeline.layers.family import Family

FAMILY = Family(name={name!r}, spec=dict, arms={{"class": dict}}, code={{}}, roles={{}}, spec_for=dict)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes a package `outer` of an entry and a family; what it was imported as is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def write(name="mine", modules="outer.family", family="mine"):
        (tmp_path / "outer").mkdir()
        (tmp_path / "outer" / "__init__.py").touch()
        (tmp_path / "outer" / "entries.py").write_text(ENTRY.format(name=name, modules=modules))
        (tmp_path / "outer" / "family.py").write_text(FAMILY.format(name=family))
        (tmp_path / "outer" / "broken.py").write_text("1 / 0")

    yield write
    for module in [name for name in sys.modules if name.split(".")[0] == "outer"]:
        del sys.modules[module]


def test_reference_puts_the_family_into_the_catalogue_by_its_name(package):
    package()
    info = registry.catalogue(["lookup", "outer.entries:ENTRY"])["mine"]
    assert (info.reference, info.accepts, info.styles, len(info.source)) == (
        "outer.entries:ENTRY",
        ("vectors",),
        ("class",),
        64,
    )


@pytest.mark.parametrize("attribute", ["ENTRY", "make"])
def test_reference_to_an_entry_or_to_what_returns_one_loads_the_family(package, attribute):
    package()
    assert registry.load(f"outer.entries:{attribute}").name == "mine"


def test_planning_does_not_import_the_module_of_the_family(package):
    package()
    registry.catalogue(["outer.entries:ENTRY"])
    assert "outer.family" not in sys.modules


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("outer.entris:ENTRY", "can't be imported .*; check its spelling"),
        (":ENTRY", "can't be imported"),
        ("outer.broken:ENTRY", "importing outer.broken:ENTRY raised ZeroDivisionError"),
        ("outer.entries:ENTRI", "outer.entries has no 'ENTRI'"),
        ("outer.entries:", "outer.entries has no ''"),
        ("outer.entries:NUMBER", "is a int; name a pipeline.layers.registry.Entry"),
    ],
)
def test_what_is_no_entry_is_refused(package, reference, says):
    package()
    with pytest.raises(ConfigError, match=says):
        registry.catalogue([reference])


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"name": "My family"}, "has name='My family'; use small letters, digits and underscores"),
        ({"name": "lookup"}, "is called 'lookup', and so is another family"),
        ({"modules": "outer.families"}, "there is no module 'outer.families', of which the family 'mine' is made"),
    ],
)
def test_an_entry_that_can_not_be_planned_with_is_refused(package, broken, says):
    package(**broken)
    with pytest.raises(ConfigError, match=says):
        registry.catalogue(["outer.entries:ENTRY"])


def test_two_families_of_one_name_are_refused(package):
    package()
    with pytest.raises(ConfigError, match=r"outer\.entries:OTHER is called 'mine', and so is another family"):
        registry.catalogue(["outer.entries:ENTRY", "outer.entries:OTHER"])


def test_a_family_that_is_not_what_its_entry_says_is_refused(package):
    package(family="yours")
    with pytest.raises(ConfigError, match=r"FAMILY of outer\.family is 'yours' with the styles class, not 'mine'"):
        registry.load("outer.entries:ENTRY")


@pytest.fixture
def offered(package, tmp_path):
    """An installed distribution that offers the family as an entry point of that name."""

    def offer(name):
        package()
        information = tmp_path / "outer-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: outer\nVersion: 1.0\n")
        (information / "entry_points.txt").write_text(f"[layerparity.families]\n{name} = outer.entries:ENTRY\n")
        sys.path.insert(0, str(tmp_path))
        importlib.invalidate_caches()

    return offer


def test_entry_point_is_enough_to_name_the_family(offered):
    offered("mine")
    assert registry.catalogue(["mine"])["mine"].source
    assert registry.load("mine").name == "mine"


def test_unknown_family_is_refused_with_those_of_entry_points_among_the_choices(offered):
    offered("mine")
    with pytest.raises(ConfigError, match=r"unknown family 'yours'; use one of projection, .*, window, mine"):
        registry.load("yours")


def test_entry_point_of_another_name_than_its_family_is_refused(offered):
    offered("yours")
    with pytest.raises(ConfigError, match="the entry point 'yours' leads to a family called 'mine'"):
        registry.catalogue(["yours"])
