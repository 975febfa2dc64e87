"""docs/reliability.md is what its command makes of a run of these tests."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
JUNIT = """<testsuites><testsuite timestamp="2026-01-02T03:04:05+00:00">
<testcase name="test_a[x]" time="3.4"><properties>
<property name="fault" value="a disk is full → one error" />
<property name="test" value="tests/c/test_c.py::test_a[x]" />
</properties></testcase>
<testcase name="test_a[y]" time="2.4"><properties>
<property name="fault" value="a disk is full → one error" />
<property name="test" value="tests/c/test_c.py::test_a[y]" />
</properties></testcase>
<testcase name="test_b" time="1"><properties>
<property name="fault" value="a fire → smoke" /><property name="test" value="tests/c/test_c.py::test_b" />
</properties><failure message="burnt" /></testcase>
<testcase name="test_without_a_fault" time="1" />
</testsuite></testsuites>"""


@pytest.fixture(scope="module")
def reliability():
    spec = importlib.util.spec_from_file_location("reliability", ROOT / "benchmarks" / "reliability.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def made(reliability, tmp_path, monkeypatch, capsys) -> tuple[int, str]:
    """The command's exit code and page, of a made-up run."""
    (tmp_path / "chaos.xml").write_text(JUNIT)
    monkeypatch.setattr(sys, "argv", ["reliability", str(tmp_path / "chaos.xml"), "--note", "by candlelight"])
    return reliability.main(), capsys.readouterr().out


def test_every_fault_is_a_row_with_its_test_and_how_its_cases_went(made) -> None:
    code, page = made

    assert code == 1  # one failed
    assert "| a disk is full | one error | `tests/c/test_c.py`: a | held, 6 s |" in page
    assert "| a fire | smoke | `tests/c/test_c.py`: b | **failed**, 1 s |" in page
    assert ", by candlelight: 1 of 2 held.\n" in page
    assert "Seen 2026-01-02 on " in page


def test_page_is_made_again_of_what_it_says(reliability, made) -> None:
    assert reliability.page(*reliability.read(made[1])) == made[1]


def test_page_in_the_repository_is_what_the_command_gives(reliability) -> None:
    listed, seen_on = reliability.read(PAGE)

    assert reliability.page(listed, seen_on) == PAGE
    assert [row for row in listed if not row.held] == []


def test_page_in_the_repository_has_every_fault_and_no_other(reliability) -> None:
    listed, _ = reliability.read(PAGE)

    assert {(row.what, row.outcome, row.test) for row in listed} == {
        (*marked, reliability.place(test)) for test, marked in faults()
    }


def test_make_chaos_runs_every_test_of_a_fault() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    run = next(line.split()[2:] for line in makefile.splitlines() if line.startswith("CHAOS :="))

    assert [test for test, _ in faults() if not test.startswith(tuple(run))] == []


def faults() -> Iterator[tuple[str, tuple[str, str]]]:
    """Each test and what its marker `fault` says, in the tests' source."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for test in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                for call in (node for decorator in test.decorator_list for node in ast.walk(decorator)):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fault":
                        what, outcome = (ast.literal_eval(argument) for argument in call.args)
                        yield f"{file.relative_to(ROOT).as_posix()}::{test.name}", (what, outcome)
