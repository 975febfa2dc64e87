"""What a job runs."""

import pytest

from jobs import run
from pipeline import cli


@pytest.fixture
def ended(monkeypatch):
    """`parity` returns this code and notes how it was called."""
    calls = []

    def ends_with(code):
        monkeypatch.setattr(cli, "main", lambda argv: calls.append(argv) or code)
        return calls

    return ends_with


def test_a_folder_that_dies_with_the_job_is_refused(capsys, ended):
    calls = ended(0)
    assert run.main(["c.yaml", "--run-dir", "runs/x"]) == 3
    assert "lies in the job's own folder" in capsys.readouterr().err
    assert calls == []


def test_everything_else_is_handed_to_parity(ended):
    calls = ended(1)
    assert run.main(["c.yaml", "seeds=[0]", "--run-dir", "/r", "--dry-run"]) == 1
    assert calls == [["run", "c.yaml", "seeds=[0]", "--dry-run", "--run-dir", "/r"]]


def test_a_bucket_outlives_the_job(ended):
    calls = ended(0)
    assert run.main(["c.yaml", "--run-dir", "s3://runs/demo/"]) == 0
    assert calls == [["run", "c.yaml", "--run-dir", "s3://runs/demo"]]


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 0), (2, 0), (3, 3), (4, 4), (130, 130)])
def test_a_verdict_can_be_a_success_and_a_failure_stays_one(ended, code, expected):
    ended(code)
    assert run.main(["c.yaml", "--run-dir", "/r", "--verdict-is-success"]) == expected


@pytest.mark.parametrize("argv", [["c.yaml"], ["c.yaml", "--run-dir", "/r", "--needs", "many"]])
def test_a_usage_error_is_no_verdict(argv, capsys):
    with pytest.raises(SystemExit, match="3"):
        run.main([*argv, "--verdict-is-success"])
    assert "python -m jobs.run: " in capsys.readouterr().err
