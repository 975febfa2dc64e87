"""How a submission is called, whether it is one at all, and how it ends."""

import argparse
import re

import pytest
from ray.dashboard.modules.job.pydantic_models import JobDetails

from jobs import submit
from pipeline.config import Experiment
from pipeline.parser import USAGE_ERROR


def job(name, status="SUCCEEDED", **fields):
    return JobDetails(type="SUBMISSION", submission_id=name, status=status, entrypoint="", **fields)


def test_a_jobs_id_is_the_runs_and_the_same_every_time():
    experiment = Experiment(name="my run/1")
    assert submit.run_id(experiment) == submit.run_id(Experiment(name="my run/1"))
    assert re.fullmatch(r"1-[0-9a-f]{8}", submit.run_id(experiment))


@pytest.mark.parametrize(
    ("taken", "expected"), [([], "r-1a"), (["r-1a"], "r-1a-2"), (["r-1a", "r-1a-9", "r-1a-10"], "r-1a-11")]
)
def test_a_resubmission_gets_the_next_number(taken, expected):
    assert submit.next_id("r-1a", taken) == expected


def test_jobs_of_other_runs_do_not_count():
    jobs = [job("r-1a-2"), job("r-1a"), job("r-1ab"), job("other"), job(None)]
    assert [found.submission_id for found in submit.jobs_of("r-1a", jobs)] == ["r-1a", "r-1a-2"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("PENDING", "b"), ("RUNNING", "b"), ("SUCCEEDED", ""), ("STOPPED", ""), ("FAILED", "")],
)
def test_a_job_that_has_not_ended_is_followed_instead_of_submitted_again(status, expected):
    assert submit.under_way([job("a", "FAILED"), job("b", status)]) == expected


@pytest.mark.parametrize(
    ("status", "driver_code", "expected"),
    [
        ("SUCCEEDED", 0, 0),
        ("FAILED", 1, 1),
        ("FAILED", 2, 2),
        ("FAILED", 3, 3),
        ("FAILED", None, 4),
        ("STOPPED", None, 130),
    ],
)
def test_the_exit_code_is_that_of_the_run_and_stopped_is_no_success(status, driver_code, expected):
    assert submit.exit_code(job("a", status, driver_exit_code=driver_code)) == expected


@pytest.mark.parametrize("text", ["- a list", "{", None])
def test_a_runtime_environment_that_is_none_is_refused(tmp_path, text):
    file = tmp_path / "env.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(submit.ConfigError, match=r"env\.yaml: "):
        submit._environment(file)


def test_the_entrypoint_quotes_what_a_shell_would_split(tmp_path):
    arguments = argparse.Namespace(
        config=tmp_path / "c.yaml",
        working_dir=tmp_path,
        python="python",
        overrides=["seeds=[0, 1]"],
        run_dir="/runs/x y",
        needs=["GPU=1"],
    )
    expected = "python -m jobs.run c.yaml 'seeds=[0, 1]' --run-dir '/runs/x y' --needs GPU=1"
    assert submit._entrypoint(arguments) == expected


def test_a_key_may_stand_after_an_option():
    arguments = submit._parser().parse_intermixed_args(["c.yaml", "a=1", "--run-dir", "/r", "b=2"])
    assert arguments.overrides == ["a=1", "b=2"]


def test_a_wrong_config_is_told_before_anything_is_sent(tmp_path, capsys):
    (tmp_path / "c.yaml").write_text("nme: x")
    assert submit.main([str(tmp_path / "c.yaml"), "--run-dir", "/r", "--address", "http://127.0.0.1:1"]) == USAGE_ERROR
    assert "nme" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_one_line_with_the_remedy(tmp_path, capsys):
    (tmp_path / "c.yaml").write_text("name: x")
    assert submit.main([str(tmp_path / "c.yaml"), "--run-dir", "/r", "--address", "http://127.0.0.1:1"]) == USAGE_ERROR
    error = capsys.readouterr().err
    assert "no job server can be reached" in error
    assert error.count("\n") == 1
