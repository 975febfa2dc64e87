"""Looks from the outside: undecided cells get more seeds, up to the budget; running again continues."""

import pytest

from pipeline.analysis import analyse
from pipeline.store.run_directory import RunDirectory

CONFIG = """
name: looks
families: [projection, lookup]
data: [criteo_shaped]
strategies: [one_device]
dtype_policies: [mixed_bfloat16]
seeds: auto
looks: [2, 3]
rows: 512
certify: false
train: {epochs: 1, global_batch: 64, steps: 4}
margins: {auc: 1e-12, accuracy: 0.5}
"""


@pytest.fixture(scope="module")
def finished(parity, tmp_path_factory):
    """Of two cells one is decided at the first look, bitwise; nothing decides the other."""
    folder = tmp_path_factory.mktemp("looks")
    (folder / "looks.yaml").write_text(CONFIG, encoding="utf-8")
    done = parity("run", folder / "looks.yaml", "--run-dir", folder / "run", "--executor", "local")
    assert done.returncode == 2, done.stderr + done.stdout
    return folder


def seeds(folder):
    return {item.cell.family: item.seeds for item in analyse(RunDirectory.existing(folder / "run").read())}


def test_only_the_undecided_cell_gets_the_seeds_of_the_next_look(finished):
    assert seeds(finished) == {"projection": (0, 1, 2), "lookup": (0, 1)}


def test_running_again_runs_what_is_missing_of_a_later_look(parity, finished):
    before = {path.name: path.read_bytes() for path in (finished / "run" / "evidence").iterdir()}
    late = next(t for t in RunDirectory.existing(finished / "run").read().plan.trials if t.seed == 2)
    (finished / "run" / "evidence" / f"{late.id}.json").unlink()
    done = parity("run", finished / "looks.yaml", "--run-dir", finished / "run", "--executor", "local")
    assert done.returncode == 2, done.stderr
    assert "4 of 5 trials are finished; 1 to run" in done.stdout
    assert {path.name for path in (finished / "run" / "evidence").iterdir()} == set(before)
    assert seeds(finished) == {"projection": (0, 1, 2), "lookup": (0, 1)}
