"""The how-to page's family runs: its files in a folder of their own, its commands there."""

import re
import shlex

import pytest
from places import ROOT

PAGE = (ROOT / "docs" / "how-to" / "add-a-family.md").read_text(encoding="utf-8")


def block(language):
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("family")
    for path, code in re.findall(r"^```python\n# (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(code)
    (folder / "scaled" / "__init__.py").touch()
    (folder / "scaled.yaml").write_text(block("yaml"))
    return folder


def test_the_pages_commands_plan_and_run_its_family(folder, parity):
    told = [parity(*shlex.split(line)[1:], cwd=folder) for line in block("bash").splitlines()]
    for done in told:
        assert done.returncode == 0, done.stderr + done.stdout
    assert "scaled functional vs class" in told[0].stdout
    report = (folder / "scaled-run" / "report" / "report.md").read_text(encoding="utf-8")
    assert "scaled: functional vs class" in report
    assert "Certified equivalent" in report


def test_ray_workers_find_the_family_of_the_current_directory(folder, parity):
    options = ("certify=false", "seeds=[0]", "train.steps=2")
    done = parity("run", "scaled.yaml", *options, "--run-dir", "on-ray", cwd=folder)
    assert done.returncode in (0, 2), done.stderr + done.stdout  # one seed may prove nothing


def test_a_family_that_is_not_there_is_refused_with_what_was_tried(folder, parity):
    done = parity("plan", "scaled.yaml", "families=['scaled.parity:ENTRI']", cwd=folder)
    assert done.returncode == 3
    assert "scaled.parity has no 'ENTRI'" in done.stderr
