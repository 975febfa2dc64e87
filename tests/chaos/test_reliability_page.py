"""docs/reliability.md is what its command makes of the tests of faults and a run of them."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TESTS = """
@pytest.mark.fault("a disk is full", "one error")
@pytest.mark.parametrize("x", ["x", pytest.param("y", marks=pytest.mark.fault("a fire", "smoke"))])
def test_all_goes_on(x): ...

@pytest.mark.fault("a flood", "an ark")
def test_rain(): ...

@pytest.mark.fault("an idle day", "nothing")
def test_nobody_ran(): ...

def test_without_a_fault(): ...
"""
JUNIT = """<testsuites><testsuite timestamp="2026-01-02T03:04:05+00:00">
<testcase time="3.4"><properties>
<property name="fault" value="a disk is full → one error" />
<property name="test" value="tests/test_c.py::test_all_goes_on[x]" />
</properties></testcase>
<testcase time="2.4"><properties>
<property name="fault" value="a fire → smoke" /><property name="fault" value="a disk is full → one error" />
<property name="test" value="tests/test_c.py::test_all_goes_on[y]" />
</properties></testcase>
<testcase time="1"><properties>
<property name="fault" value="a flood → an ark" /><property name="test" value="tests/test_c.py::test_rain" />
</properties><failure message="wet" /></testcase>
<testcase time="1" />
</testsuite></testsuites>"""


@pytest.fixture(scope="module")
def reliability():
    spec = importlib.util.spec_from_file_location("reliability", ROOT / "benchmarks" / "reliability.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def made(reliability, tmp_path) -> str:
    """The page of made-up tests and a run of them."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_c.py").write_text(TESTS)
    (tmp_path / "chaos.xml").write_text(JUNIT)
    listed = reliability.rows(reliability.faults(tmp_path), reliability.cases(tmp_path / "chaos.xml"))
    return reliability.page(listed, reliability.here(tmp_path / "chaos.xml", "by candlelight"))


@pytest.mark.parametrize(
    "row",
    [
        "| a disk is full | one error | `tests/test_c.py`: all goes on | held, 6 s |",
        "| a fire | smoke | `tests/test_c.py`: all goes on | held, 2 s |",
        "| a flood | an ark | `tests/test_c.py`: rain | **failed**, 1 s |",
        "| an idle day | nothing | `tests/test_c.py`: nobody ran | not run |",
    ],
)
def test_every_fault_is_a_row_with_its_test_and_how_its_cases_went(made, row: str) -> None:
    assert row in made.splitlines()


def test_page_says_when_where_and_how_many_held(made) -> None:
    assert "\nSeen 2026-01-02 on " in made
    assert ", by candlelight: 2 of 4 held.\n" in made


def test_page_is_made_again_of_what_it_says(reliability, made) -> None:
    assert reliability.page(*reliability.read(made)) == made


def test_page_in_the_repository_is_what_the_command_gives(reliability) -> None:
    assert reliability.page(*reliability.read(PAGE)) == PAGE


def test_page_in_the_repository_has_every_fault_and_no_other(reliability) -> None:
    listed, _ = reliability.read(PAGE)

    assert [row[:3] for row in listed] == [row[:3] for row in reliability.rows(reliability.faults(ROOT), [])]


def test_make_chaos_runs_every_test_of_a_fault(reliability) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    run = next(line.split()[2:] for line in makefile.splitlines() if line.startswith("CHAOS :="))

    assert [fault.test for fault in reliability.faults(ROOT) if not fault.test.startswith(tuple(run))] == []
