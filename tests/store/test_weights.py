"""Kept weights: a file beside the evidence, read back only if the evidence was made from it."""

import numpy as np
import pytest
from msgspec import structs

from pipeline.errors import RunDirectoryError
from pipeline.records import ArmResult, Cell, Profile, Resources, Strategy, TrainEvidence, Training, TrainTrial, Worker
from pipeline.store.run_directory import RunDirectory
from pipeline.store.weights import digest, pack, unpack

WEIGHTS = {"table": np.arange(6, dtype=np.float32).reshape(3, 2), "head/kernel": np.ones((2, 1))}


@pytest.fixture
def evidence():
    arms = tuple(ArmResult(s, {}, (1.0,), (), digest(WEIGHTS), 1, 1, 1, 0.1, 1.0, 1.0) for s in ("class", "lambda"))
    cell = Cell("lookup", "class", "lambda", "ratings", Strategy("one_device"))
    trial = TrainTrial("t1", cell, 0, Training(), {}, Profile(), Resources(), keep_weights=True)
    worker = Worker("h", 1, "cpu", {}, 0.0, 1.0, warm=False)
    return TrainEvidence(trial, arms, (), worker, weights=pack({"class": WEIGHTS, "lambda": WEIGHTS}))


def test_weights_come_back_as_they_were(evidence):
    found = unpack(evidence)

    assert list(found) == ["class", "lambda"]
    for role, value in WEIGHTS.items():
        np.testing.assert_array_equal(found["lambda"][role], value, strict=True)


def test_equal_weights_are_equal_bytes(evidence):
    assert pack({"class": WEIGHTS, "lambda": WEIGHTS}) == evidence.weights


def test_run_directory_keeps_them_in_a_file_of_their_own(tmp_path, evidence):
    directory = RunDirectory.open(tmp_path / "run", "name: x\n")
    directory.write(evidence)

    (kept,) = directory.finished().values()
    assert kept == structs.replace(evidence, weights=b"")
    assert directory.with_kept(kept) == evidence


def test_evidence_without_weights_stays_so(tmp_path, evidence):
    directory = RunDirectory.open(tmp_path / "run", "name: x\n")
    bare = structs.replace(evidence, weights=b"")
    directory.write(bare)

    assert directory.with_kept(bare) == bare
    assert unpack(bare) == {}


def test_weights_of_another_trial_are_refused(evidence):
    other = pack({"class": WEIGHTS, "lambda": {**WEIGHTS, "table": WEIGHTS["table"] + 1}})

    with pytest.raises(RunDirectoryError, match="not the weights that the evidence was made from"):
        unpack(structs.replace(evidence, weights=other))
