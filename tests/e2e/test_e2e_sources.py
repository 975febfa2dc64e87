"""A user's own files, from the outside: planned, rehearsed, trained on, reported; and refused where they are wrong."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.data.generate import Clicks, write_clicks

CONFIG = """\
name: clicks
families: [multi_table]
data: [clicks]
sources:
  clicks:
    format: criteo
    train: train.txt
    target: label
    numbers: [I1, I2]
    scale: log
    columns: [C1, C2, C3]
    encoding: hash
    buckets: 1000
strategies: [one_device]
certify: false
seeds: [0]
train: {epochs: 1, global_batch: 64}
margins: {auc: 0.02, accuracy: 0.02}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config beside 1,000 rows of clicks in Criteo's format."""
    monkeypatch.setenv("PARITY_DATA", str(tmp_path / "cache"))
    (tmp_path / "clicks.yaml").write_text(CONFIG)
    write_clicks(Clicks(seed=7), tmp_path / "train.txt", 1000)
    return tmp_path


@pytest.fixture
def finished(parity, folder):
    """A run of it in this machine's Ray."""
    done = parity("run", "clicks.yaml", "--run-dir", "run", cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "run"


def test_a_run_on_ones_own_file_reaches_its_report_and_needs_the_file_no_more(parity, finished):
    report = json.loads((finished / "report" / "report.json").read_text())
    (cell,) = report["cells"]
    assert cell["summary"]["verdict"] == "identical"
    (finished.parent / "train.txt").unlink()
    shutil.rmtree(finished.parent / "cache")
    assert parity("report", finished).returncode == 0


@pytest.mark.parametrize("arguments", [["plan"], ["run", "--executor", "local", "--dry-run"]], ids=" ".join)
def test_ones_own_file_can_be_planned_and_rehearsed(parity, folder, arguments):
    done = parity(arguments[0], "clicks.yaml", *arguments[1:], cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "multi_table functional vs class · clicks · one_device" in done.stdout


def test_a_malformed_row_is_told_with_file_line_and_column(parity, folder):
    lines = (folder / "train.txt").read_text().splitlines()
    fields = lines[499].split("\t")
    fields[2] = "1O3"
    lines[499] = "\t".join(fields)
    (folder / "train.txt").write_text("\n".join(lines))
    done = parity("run", "clicks.yaml", cwd=folder)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("parity: train.txt:500: column I2: '1O3' is not a number; mend")
    assert not (folder / "runs").exists()


def test_a_name_of_the_catalogue_cannot_be_taken(parity, folder):
    config = (folder / "clicks.yaml").read_text().replace("clicks", "mnist_5k")
    (folder / "mine.yaml").write_text(config)
    done = parity("plan", "mine.yaml", cwd=folder)
    assert done.returncode == 3
    assert "sources.mnist_5k: is the name of a data set of the catalogue; give it another name" in done.stderr
