"""A config as a job on a cluster that asks for a token: submitted, stopped, resumed, looked at and fetched."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ray_head import ray_head

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
SMOKE = "configs/smoke.yaml"
RAY = Path(sys.executable).parent / "ray"


@pytest.fixture(scope="module")
def head():
    with ray_head() as there:
        yield there


@pytest.fixture(scope="module")
def command(head):
    """Runs a command that ends by itself, here, with the head's token and address in the environment."""

    def run(*words):
        environment = {**head.environment, "RAY_API_SERVER_ADDRESS": head.address}
        arguments = [str(word) for word in words]
        return subprocess.run(
            arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
        )

    return run


@pytest.fixture(scope="module")
def submit(command):
    def run(folder, *options):
        place = ["--run-dir", folder, "--python", sys.executable]
        return command(sys.executable, "-m", "jobs.submit", SMOKE, *place, *options)

    return run


def test_rays_own_command_runs_a_config_as_it_stands(command, tmp_path):
    words = [RAY, "job", "submit", "--working-dir", ".", "--", sys.executable, "-m", "pipeline", "run", SMOKE]
    deadline = time.monotonic() + 60
    while True:
        done = command(*words, "certify=false", "--run-dir", tmp_path / "run")
        if "No available agent" not in done.stderr or time.monotonic() > deadline:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "run" / "report" / "report.json").read_text())
    assert {cell["summary"]["verdict"] for cell in report["cells"]} <= {"equivalent", "identical", "proven"}


@pytest.fixture(scope="module")
def stopped(head, submit, command, tmp_path_factory):
    """A run whose job was stopped after its first trial, while it was followed: its run directory and the job's id."""
    folder = tmp_path_factory.mktemp("job") / "run"
    done = submit(folder)
    assert done.returncode == 0, done.stderr
    job = done.stdout.split()[1].rstrip(":")
    following = subprocess.Popen(
        [sys.executable, "-m", "jobs.submit", SMOKE, "--run-dir", str(folder), "--address", head.address, "--follow"],
        cwd=ROOT,
        env=dict(head.environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 200
    while not list(folder.glob("evidence/*.json")) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert command(RAY, "job", "stop", "--no-wait", job).returncode == 0
    told, _ = following.communicate(timeout=120)
    assert told.startswith(f"{job} is under way: not submitted again")
    assert told.rstrip().endswith(f"{job}: STOPPED")
    assert following.returncode == 130
    return folder, job


def test_a_stopped_job_resumes_when_it_is_submitted_again(stopped, submit):
    folder, job = stopped
    finished = len(list(folder.glob("evidence/*.json")))
    assert 0 < finished < 5
    done = submit(folder, "--follow")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"submitted {job}-2: ")
    assert " of 5 trials are finished" in done.stdout
    assert len(list(folder.glob("evidence/*.json"))) == 5


def test_how_far_it_is_is_told_by_the_jobs_id(stopped, command):
    folder, job = stopped
    told = command(sys.executable, "-m", "pipeline", "status", job)
    assert told.returncode == 0, told.stderr
    assert f"{job}: STOPPED, run directory {folder}" in told.stderr
    assert "5 of 5 trials finished, 0 running, 0 failed, 0 waiting" in told.stdout


def test_the_report_is_fetched_where_only_the_job_server_can_be_reached(stopped, command, tmp_path):
    folder, job = stopped
    done = command(sys.executable, "-m", "jobs.fetch", job, tmp_path / "here", "--python", sys.executable)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here" / "report" / "index.html").read_bytes() == (folder / "report" / "index.html").read_bytes()
    rendered = command(sys.executable, "-m", "pipeline", "report", tmp_path / "here")
    assert "proven" in rendered.stdout
