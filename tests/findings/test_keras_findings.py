"""The findings about Keras that are written down are what their scripts print."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import findings

REMEDY = "if Keras or the script changed: make findings"


@pytest.mark.parametrize("script", findings.scripts(), ids=lambda script: script.stem)
def test_a_finding_prints_what_is_written_down(script):
    assert findings.section(script, findings.run(script)) in findings.PAGE.read_text(encoding="utf-8"), REMEDY


def test_the_page_has_a_section_for_each_script_and_no_other():
    page = findings.PAGE.read_text(encoding="utf-8")
    assert page.count("\n## ") == len(findings.scripts())


def test_a_script_that_fails_is_not_written_down(tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError):
        findings.run(script)


def test_scripts_are_short_and_assert_nothing():
    for script in findings.scripts():
        lines = script.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 60, script.name
        assert not any("assert" in line for line in lines), script.name
