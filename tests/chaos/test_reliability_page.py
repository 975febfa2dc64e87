"""docs/reliability.md is what its command makes of a run of these tests."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JUNIT = """<testsuites><testsuite>
<testcase name="test_a[x]" time="3.4"><properties>
<property name="fault" value="a disk is full → one error" />
<property name="test" value="tests/c/test_c.py::test_a[x]" />
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


def test_every_fault_is_a_row_with_its_test_and_how_it_went(reliability, tmp_path, capsys):
    (tmp_path / "chaos.xml").write_text(JUNIT)

    assert reliability.main(str(tmp_path / "chaos.xml")) == 1  # one failed

    page = capsys.readouterr().out
    assert "| a disk is full | one error | `tests/c/test_c.py`: a | held, 3 s |" in page
    assert "| a fire | smoke | `tests/c/test_c.py`: b | **failed**, 1 s |" in page
    assert "1 of 2 held" in page


def test_page_in_the_repository_names_tests_that_there_are():
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+\.py)`", page))
    assert named
    assert [name for name in named if "pytest.mark.fault" not in (ROOT / name).read_text(encoding="utf-8")] == []
