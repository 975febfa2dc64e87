"""The process that loads arms is kept between pairs, and each pair gets a copy of it that has seen nothing."""

import time

import numpy as np
import pytest
from certify_arms import FLOATS, make_pair

from pipeline.certify.lifecycle import process
from pipeline.certify.lifecycle.loader import LOADER, Loader
from pipeline.frontend import keras

PATIENCE = 120.0


@keras.saving.register_keras_serializable("loader_tests")
class Doubled(keras.layers.Layer):
    def call(self, x):
        return x * 2.0


def loaded():
    running = process.start(make_pair(Doubled, Doubled, FLOATS))
    try:
        return process.collect(running, PATIENCE)
    finally:
        process.stop(running)


def test_a_class_that_needs_its_code_needs_it_in_both_arms_and_in_every_pair():
    first, second = loaded(), loaded()
    assert (first.outcome, second.outcome) == ("same", "same")
    assert not LOADER._busy


def test_two_pairs_are_loaded_by_one_process():
    loaded()
    before = LOADER._process.pid
    loaded()
    assert LOADER._process.pid == before


@pytest.fixture
def loader():
    own = Loader()
    yield own
    own.kill()


def test_a_folder_without_jobs_is_finished_and_leaves_no_answer(loader, tmp_path):
    loader.give(tmp_path)
    assert loader.finished(PATIENCE)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_takes_too_long_is_ended_and_the_next_folder_gets_another(loader, tmp_path):
    loader.give(tmp_path)
    first = loader._process
    began = time.monotonic()
    assert not loader.finished(0.0)
    assert time.monotonic() - began < 1.0
    loader.abandon()
    assert first.poll() is not None
    loader.warm()
    assert loader._process.pid != first.pid


def test_nothing_given_is_nothing_finished(loader):
    assert not loader.finished(0.0)


def test_an_answer_that_is_missing_is_an_error(monkeypatch):
    running = process.start(make_pair(Doubled, Doubled, FLOATS))
    monkeypatch.setattr(LOADER, "finished", lambda _: True)
    with pytest.raises(RuntimeError, match="without an answer"):
        process.collect(running, PATIENCE)
    process.stop(running)


def test_what_is_expected_of_a_loaded_arm_is_what_it_gave_before():
    running = process.start(make_pair(Doubled, Doubled, FLOATS))
    try:
        assert np.array_equal(running.expected["baseline"][0], running.expected["candidate"][0])
    finally:
        process.stop(running)
