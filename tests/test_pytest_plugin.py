"""The plugin as pytest finds it: one session of a suite, loaded by the entry point that setup.cfg declares."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.records import Certificate

ROOT = Path(__file__).parents[1]
SUITE = """
import keras
import pytest

from pipeline import InputSpec
from pipeline.testing import LayersDiffer, assert_layers_equivalent

INPUTS = [InputSpec(shape=(3,))]
QUICK = dict(levels=("interface", "values"), batches=(2,))


def dense(activation=None):
    return lambda: keras.layers.Dense(2, activation=activation)


@pytest.mark.parity(**QUICK)
def test_same():
    made = assert_layers_equivalent(dense(), dense(), INPUTS)
    assert made.settings["levels"] == "interface, values", made.settings


@pytest.mark.parity(**QUICK)
def test_slip():
    assert_layers_equivalent(dense(), dense("relu"), INPUTS)


@pytest.mark.parity(levels=("interface",), allow_inconclusive=True)
def test_open():
    assert_layers_equivalent(dense(), dense(), INPUTS)


@pytest.mark.parity(levels=("interface", "values"), batches=(4,))
def test_own_settings_win():
    made = assert_layers_equivalent(dense(), dense(), INPUTS, batches=(2,))
    assert made.settings["batches"] == "2", made.settings


def test_after_the_marked_ones_nothing_is_set():
    from pipeline.testing import MARKED

    assert MARKED.get() == {}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A user's folder, and beside it what installing layerparity would tell pytest."""
    folder = tmp_path_factory.mktemp("suite")
    declared = configparser.ConfigParser()
    declared.read(ROOT / "setup.cfg", encoding="utf-8")
    installed = folder / "site" / "layerparity-0.dist-info"
    installed.mkdir(parents=True)
    points = declared["options.entry_points"]["pytest11"]
    (installed / "entry_points.txt").write_text(f"[pytest11]{points}\n", encoding="utf-8")
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: layerparity\nVersion: 0\n", encoding="utf-8")
    (folder / "test_blocks.py").write_text(SUITE, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(folder / "site"), str(ROOT)])
    command = [sys.executable, "-m", "pytest", "--strict-markers", "-p", "no:cacheprovider", *arguments]
    variables = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def session(folder):
    """The suite, run once."""
    return run(folder, "-q", "--parity-certificates", "certificates")


def test_the_marker_sets_what_the_comparison_does(session):
    assert "1 failed, 4 passed" in session.stdout, session.stdout + session.stderr


def test_a_failure_shows_level_counterexample_both_outputs_and_no_line_of_layerparity(session):
    shown = session.stdout[session.stdout.index("test_slip") :]
    for part in (
        "LayersDiffer: Different at level values",
        "Counterexample, ",
        "input  float32[",
        "candidate  float32[",
    ):
        assert part in shown
    assert "`parity explain values` says what that means" in shown
    assert "pipeline/testing.py" not in shown.replace("pipeline.testing", "")


def test_every_comparison_leaves_its_certificate(session, folder):
    assert session.returncode == 1
    names = {path.stem for path in (folder / "certificates").glob("*.json")}
    assert "test_blocks.py-test_slip-1" in names
    assert names == {path.stem for path in (folder / "certificates").glob("*.html")}
    made = Certificate.from_json((folder / "certificates" / "test_blocks.py-test_slip-1.json").read_bytes())
    assert made.verdict == "different"


def test_comparisons_can_be_left_out(folder):
    done = run(folder, "-q", "-m", "not parity", "--collect-only")
    assert "1/5 tests collected" in done.stdout, done.stdout + done.stderr


def test_the_marker_is_listed(folder):
    assert "@pytest.mark.parity(**settings): settings of assert_layers_equivalent" in run(folder, "--markers").stdout


def test_loading_the_plugin_imports_nothing_slow():
    code = "import sys, pipeline.pytest_plugin; print({'tensorflow', 'keras', 'msgspec', 'ray'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
