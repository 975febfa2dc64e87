"""Versions of what may be installed under another name."""

from pathlib import Path

import pytest

from pipeline.inventory import version


@pytest.fixture
def only_for_tpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose TensorFlow is the distribution for TPUs."""
    installed = tmp_path / "tensorflow_tpu-2.20.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: tensorflow-tpu\nVersion: 2.20.0\n")
    monkeypatch.setattr("sys.path", [str(tmp_path)])


@pytest.mark.usefixtures("only_for_tpus")
def test_a_distribution_that_stands_in_for_another_gives_its_version() -> None:
    assert version("tensorflow") == "2.20.0"
    assert version("keras") == "absent"
