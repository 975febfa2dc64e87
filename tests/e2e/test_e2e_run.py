"""`parity run` from the outside: what it leaves, how it resumes, and that it repeats itself bit for bit."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import ROOT, SMOKE

from pipeline.records import TrainEvidence
from pipeline.store.run_directory import RunDirectory


def results(folder: Path) -> dict[str, object]:
    """What training gave, without what depends on the clock."""
    evidence = RunDirectory.existing(folder).finished().values()
    return {
        e.trial.label: [(a.metrics, a.train_loss, a.held_out, a.weights_digest) for a in e.arms]
        for e in evidence
        if isinstance(e, TrainEvidence)
    }


def test_a_run_leaves_everything_that_a_reader_needs(smoke_run):
    there = {path.relative_to(smoke_run).parts[0] for path in smoke_run.rglob("*") if path.is_file()}
    assert {"config.yaml", "plan.json", "environment.json", "data.json", "evidence", "tensorboard", "report"} <= there
    assert {p.name for p in (smoke_run / "report").iterdir()} == {
        "index.html",
        "report.md",
        "report.json",
        "junit.xml",
        "evidence.csv",
        "evidence.parquet",
    }
    assert len(list((smoke_run / "evidence").iterdir())) == 5


def test_a_verdict_stands_for_every_cell(smoke_run):
    document = json.loads((smoke_run / "report" / "report.json").read_text())
    verdicts = {cell["label"]: cell["summary"]["verdict"] for cell in document["cells"]}
    assert len(verdicts) == 2
    assert set(verdicts.values()) <= {"proven", "identical", "equivalent"}


def test_running_again_runs_only_what_is_missing(parity, smoke_run, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(smoke_run, folder)
    lost = sorted((folder / "evidence").iterdir())[0]
    kept = {p.name: p.stat().st_mtime_ns for p in (folder / "evidence").iterdir() if p != lost}
    lost.unlink()
    done = parity("run", SMOKE, "--run-dir", folder)
    assert done.returncode == 0, done.stderr
    assert "4 of 5 trials are finished" in done.stdout
    assert lost.exists()
    assert {p.name: p.stat().st_mtime_ns for p in (folder / "evidence").iterdir() if p != lost} == kept


def test_the_same_config_gives_bitwise_the_same_results(parity, smoke_run, tmp_path):
    """In a fresh directory and fresh processes, and in one process of the other executor."""
    done = parity("run", SMOKE, "--run-dir", tmp_path / "local", "--executor", "local")
    assert done.returncode == 0, done.stderr
    assert results(tmp_path / "local") == results(smoke_run)


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_resume(tmp_path):
    folder = tmp_path / "stopped"
    command = [sys.executable, "-m", "pipeline", "run", str(SMOKE), "seeds=[0,1,2,3,4,5]", "--run-dir", str(folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 100
    while not list(folder.glob("evidence/*.json")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "the same command resumes" in err
    assert "Traceback" not in out + err
    assert list(folder.glob("evidence/*.json"))
    assert RunDirectory.existing(folder).finished()


@pytest.mark.long
def test_a_dry_run_rehearses_a_config_of_a_cluster(parity, tmp_path):
    config = tmp_path / "cluster.yaml"
    text = SMOKE.read_text().replace("  - one_device\n", "  - one_device\n  - {name: tpu, devices: 8}\n")
    config.write_text(text + "resources: {gpus_per_device: 1}\n")
    done = parity("run", config, "--dry-run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = [
        line
        for line in done.stdout.splitlines()
        if line.startswith("projection") and ("works" in line or "stood" in line)
    ]
    assert [row.split()[-1] == "works" for row in rows] == [True, True, False]
    assert "not stood in for: TPUStrategy needs a TPU" in rows[-1]
    assert not (tmp_path / "runs").exists()
