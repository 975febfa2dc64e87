"""Against a real head with a token: what is sent, run there and brought back.  Nothing is trained."""

import subprocess
import sys
from pathlib import Path

import pytest
from ray_head import ray_head

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def head():
    with ray_head(cpus=1) as there:
        yield there


def command(head, *words, **variables):
    return subprocess.run(
        [sys.executable, "-m", *map(str, words), "--address", head.address],
        cwd=ROOT,
        env={**head.environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_run_directory_is_fetched_through_the_job_server(head, tmp_path):
    there, here = tmp_path / "there", tmp_path / "here"
    (there / "report").mkdir(parents=True)
    (there / "config.yaml").write_text("name: x\n")
    (there / "report" / "index.html").write_text("<h1>report</h1>")
    done = command(head, "jobs.fetch", there, here, "--python", sys.executable)
    assert done.returncode == 0, done.stderr
    assert (here / "report" / "index.html").read_text() == "<h1>report</h1>"


@pytest.mark.parametrize("token", ["", "not the token"])
def test_without_the_token_there_is_one_line_that_says_so(head, tmp_path, token):
    variables = {"RAY_AUTH_TOKEN": token, "HOME": str(tmp_path)}
    done = command(head, "jobs.fetch", tmp_path, tmp_path / "here", **variables)
    assert done.returncode == 3
    assert "refuses the token, or the lack of one" in done.stderr
    assert "Traceback" not in done.stderr
