"""What evidence keeps beside its record: files of its own, read back when they are wanted."""

import pytest
from msgspec import structs

from pipeline.errors import RunDirectoryError
from pipeline.store.run_directory import RunDirectory

KEPT = {"class.graph.pb": b"graph", "histograms.npz": b"\x00"}


@pytest.fixture
def directory(tmp_path):
    return RunDirectory.open(tmp_path / "run", "name: x\n")


def test_run_directory_keeps_them_beside_the_record(directory, evidence):
    keeping = structs.replace(evidence(0), kept=KEPT)
    directory.write(keeping)

    (found,) = directory.finished().values()
    assert found == evidence(0)
    assert directory.with_kept(found) == keeping


def test_nothing_is_made_for_evidence_that_keeps_nothing(directory, evidence):
    directory.write(evidence(0))

    assert directory.with_kept(evidence(0)) == evidence(0)
    assert not directory.paths.kept.exists()


def test_what_cant_be_read_is_named(directory, evidence):
    folder = directory.paths.kept / evidence(0).trial.id / "class.graph.pb"
    folder.mkdir(parents=True)

    with pytest.raises(RunDirectoryError, match=r"class\.graph\.pb: can't be read"):
        directory.with_kept(evidence(0))
