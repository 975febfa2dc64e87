"""The certify trial of a run looks at two replicas where a cell of the pair trains on several."""

import numpy as np
import pytest

from pipeline.certify import trial
from pipeline.records import Cell, CertifyTrial, Dataset, Examples, Profile, Resources, Strategy


def series():
    windows = np.lib.stride_tricks.sliding_window_view(np.sin(np.arange(40) / 3).astype("float32"), 5)
    inputs, targets = windows[:, :4, None].copy(), windows[:, 4:].copy()
    train, test = (Examples({"windows": inputs[cut]}, targets[cut]) for cut in (slice(24), slice(24, None)))
    return Dataset("series", "forecast", train, test, outputs=1)


def certified(distribution):
    """`unaggregated` is the same layer in both styles, but for what its replicas hold."""
    cell = Cell("unaggregated", "class", "functional", "series", Strategy("mirrored", 2))
    profile, resources = Profile(logical_devices=2), Resources()
    asked = CertifyTrial("c", cell, {"units": 2}, profile, resources, 120.0, distribution)
    return trial.certify(asked, series())


@pytest.fixture(autouse=True)
def quick_levels(monkeypatch):
    monkeypatch.setattr(trial, "LEVELS", ("values",))


def test_a_pair_that_trains_on_replicas_is_certified_on_two():
    assert certified(True).level == "distribution"


def test_a_pair_that_trains_on_one_device_alone_is_not():
    certificate = certified(False)
    assert certificate.verdict == "identical"
    assert "distribution" not in {finding.level for finding in certificate.findings}
