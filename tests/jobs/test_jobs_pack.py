"""A run directory as text in a log."""

import io
import tarfile

import pytest
from object_store import BUCKET, object_store

from jobs import pack


@pytest.fixture
def folder(tmp_path):
    run = tmp_path / "run"
    for name in ("config.yaml", "report/index.html", "tensorboard/events", "weights/a.npz", "driver.lock", ".x.tmp"):
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_text(name)
    return run


def test_views_weights_and_leftovers_stay_behind(folder):
    with tarfile.open(fileobj=io.BytesIO(pack.packed(folder))) as archive:
        assert [entry.name for entry in archive if entry.isfile()] == ["config.yaml", "report/index.html"]


def test_it_is_found_again_among_other_lines(folder, capsys):
    assert pack.main([str(folder)]) == 0
    printed = capsys.readouterr().out
    assert pack.unarmored(f"warning: x\n{printed}\nmore\n") == pack.packed(folder)


def test_a_log_that_is_cut_or_changed_is_refused(folder):
    text = pack.armored(pack.packed(folder))
    with pytest.raises(ValueError, match="no run directory"):
        pack.unarmored(text[:-5])
    with pytest.raises(ValueError, match="damaged"):
        pack.unarmored(text.replace(text.splitlines()[2], "A" * 76))


def test_a_run_in_a_bucket_is_packed_like_one_in_a_folder(folder, monkeypatch, capsys):
    with object_store() as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        for file in folder.rglob("*.*"):
            if file.is_file() and file.name != "driver.lock":
                key = f"demo/{file.relative_to(folder)}"
                store.client().put_object(Bucket=BUCKET, Key=key, Body=file.read_bytes())
        assert pack.main([f"s3://{BUCKET}/demo"]) == 0

    with tarfile.open(fileobj=io.BytesIO(pack.unarmored(capsys.readouterr().out))) as archive:
        assert [entry.name for entry in archive if entry.isfile()] == ["config.yaml", "report/index.html"]


def test_a_folder_that_is_no_run_directory_is_refused(tmp_path, capsys):
    assert pack.main([str(tmp_path)]) == 3
    assert "is not a run directory" in capsys.readouterr().err
