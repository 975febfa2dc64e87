"""`parity init` writes what runs as it stands."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli, config, driver
from pipeline.records import InputSpec
from pipeline.testing import assert_layers_equivalent

ROOT = Path(__file__).parents[1]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder as the current one; what is imported from it is forgotten."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == "scaled"]:
        del sys.modules[name]


def test_it_names_what_it_wrote_and_what_to_type_next(here, capsys):
    assert cli.main(["init", "scaled"]) == 0
    shown = capsys.readouterr().out
    written = [line.removeprefix("written: ") for line in shown.splitlines() if line.startswith("written: ")]
    assert sorted(written) == sorted(str(path.relative_to(here)) for path in here.rglob("*") if path.is_file())
    assert "parity run scaled.yaml" in shown


@pytest.mark.parametrize("kind", ["vectors", "ids"])
def test_the_config_plans_a_certificate_and_both_seeds_under_both_strategies(here, kind):
    assert cli.main(["init", "scaled", "--kind", kind]) == 0
    made, _, _ = driver.plan_of(config.load(here / "scaled.yaml"), "scaled.yaml")
    assert (len(made.trials), made.excluded) == (5, ())


@pytest.mark.parametrize(
    ("kind", "inputs", "sizes"),
    [
        ("vectors", InputSpec((12,)), {"features": 12, "units": 4}),
        ("ids", InputSpec((5,), "int32", 0, 99), {"tokens": 5, "vocabulary": 100, "width": 4}),
    ],
)
@pytest.mark.usefixtures("here")
def test_the_arms_are_the_same_layer(kind, inputs, sizes):
    assert cli.main(["init", "scaled", "--kind", kind]) == 0
    family = importlib.import_module("scaled.family")
    spec = family.ScaledSpec(**sizes)
    made = assert_layers_equivalent(
        lambda: family.as_class(spec),
        lambda: family.as_functional(spec),
        [inputs],
        levels=("interface", "program", "values"),
    )
    assert made.verdict == "proven"


@pytest.mark.parametrize("kind", ["vectors", "ids"])
def test_the_python_is_formatted_and_clean(here, kind):
    assert cli.main(["init", "scaled", "--kind", kind]) == 0
    for command in (["check", "--no-cache"], ["format", "--no-cache", "--check"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *command, "--config", ROOT / "pyproject.toml", here],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_the_job_sends_the_folder_to_ray_and_runs_the_config(here):
    assert cli.main(["init", "scaled"]) == 0
    job = (here / "jobs" / "scaled.sh").read_text(encoding="utf-8")
    assert "ray job submit --working-dir . --" in job
    assert "python -m pipeline run scaled.yaml" in job
    subprocess.run(["sh", "-n", here / "jobs" / "scaled.sh"], check=True)


def test_nothing_is_written_where_one_of_the_files_is_there(here, capsys):
    (here / "scaled.yaml").write_text("mine", encoding="utf-8")
    assert cli.main(["init", "scaled"]) == cli.USAGE_ERROR
    assert "scaled.yaml: is there already, and is not overwritten" in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["scaled.yaml"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Scaled", "is no name of a family"),
        ("class", "is no name of a family"),
        ("../out", "is no name of a family"),
        ("lookup", "is a family or a data set that layerparity has"),
        ("json", "is a Python module already"),
    ],
)
def test_a_name_that_can_not_be_one_is_refused(here, name, says, capsys):
    assert cli.main(["init", name]) == cli.USAGE_ERROR
    assert says in capsys.readouterr().err
    assert not [*here.iterdir()]
