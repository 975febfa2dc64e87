"""What goes along with a job, packed by Ray itself."""

from pathlib import Path

import pytest

from jobs.package import pack
from pipeline.errors import ConfigError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "runs").mkdir(parents=True)
    (folder / ".venv").mkdir()
    for name in ("config.yaml", "runs/big.json", ".venv/lib.so", "notes.txt"):
        (folder / name).write_text("text")
    (folder / ".rayignore").write_text("runs/\n")
    (folder / ".gitignore").write_text("notes.txt\n")
    return folder


def test_ignored_files_and_environments_stay_here(project, tmp_path):
    package = pack(project, tmp_path, needed=[project / "config.yaml"])
    assert sorted(package.sizes) == [".gitignore", ".rayignore", "config.yaml"]


def test_a_package_that_is_too_large_is_refused_with_its_largest_files(project, tmp_path):
    (project / "weights.bin").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(ConfigError, match=r"more than 1e-05 \(largest: weights.bin 0.0 MiB, .*name what the job does"):
        pack(project, tmp_path, needed=[], limit_mib=1e-5)


def test_a_config_that_is_kept_back_is_told_before_the_job_misses_it(project, tmp_path):
    with pytest.raises(ConfigError, match=r"notes\.txt: is kept back by \.rayignore or \.gitignore"):
        pack(project, tmp_path, needed=[project / "notes.txt"])


def test_a_config_outside_the_folder_is_refused(project, tmp_path):
    with pytest.raises(ConfigError, match=r"is not in .*project, which the job gets"):
        pack(project, tmp_path, needed=[tmp_path / "elsewhere.yaml"])


def test_this_repository_goes_along_without_what_a_job_does_not_need(tmp_path):
    package = pack(ROOT, tmp_path, needed=[ROOT / "configs" / "demo.yaml", ROOT / "jobs" / "run.py"])
    assert package.mib < 5
    folders = {name.split("/")[0] for name in package.sizes if "/" in name}
    assert {"pipeline", "configs", "jobs", "examples"} <= folders
    assert not folders & {".git", "tests", "docs", "benchmarks", "docker", "runs"}
