"""There is no GPU on the machines of these tests: a script answers as the driver's tool does."""

import pytest

from pipeline.errors import TrialError
from pipeline.training.gpu_memory import share_mib


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Puts an `nvidia-smi` on the path that answers with these lines of shell."""

    def install(script):
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return install


def test_share_of_the_memory_is_in_mib(driver, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    driver("echo 81920")
    assert share_mib(0, 0.25) == 20480


def test_the_gpu_asked_about_is_the_processs_own(driver, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5")
    driver('case "$*" in *--id=5*) echo 1000;; *) echo 9;; esac')
    assert share_mib(1, 0.5) == 500


@pytest.mark.parametrize("script", ["exit 6", "echo '[N/A]'", "true"])
def test_driver_that_does_not_answer_is_told(driver, script):
    driver(script)
    with pytest.raises(TrialError, match="nvidia-smi does not tell its memory") as refused:
        share_mib(0, 0.5)
    assert refused.value.category == "infrastructure"
