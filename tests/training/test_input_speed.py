import time
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from synthetic import DATA, MIRRORED, make_trial

from pipeline.records import Examples
from pipeline.training import input_speed
from pipeline.training.run import train_arms


def slow_batches(seconds, steps, taken=None):
    """An input that needs so long for each batch."""

    def batches():
        for number in range(steps):
            time.sleep(seconds)
            if taken is not None:
                taken.append(number)
            yield number

    return iter(tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((), tf.int64)))


def test_speed_is_what_a_batch_has_over_the_time_it_takes():
    assert input_speed.examples_per_second(slow_batches(0.01, 60), [200] * 60, 60) == pytest.approx(200 / 0.01, rel=0.5)


@pytest.mark.parametrize("steps", [1, 4, 34, 35, 1000])
def test_no_more_batches_are_made_than_the_further_epochs_have(steps):
    taken, there = [], steps * input_speed.further_epochs(steps)
    input_speed.examples_per_second(slow_batches(0.0, there, taken), [200] * there, 100 * steps)
    assert input_speed.MADE_AHEAD + 3 * 10 <= len(taken) <= there


@pytest.mark.parametrize(("steps", "epochs"), [(1, 35), (4, 9), (34, 2), (35, 1), (1000, 1)])
def test_further_epochs_are_as_few_as_have_thirty_five_batches(steps, epochs):
    assert input_speed.further_epochs(steps) == epochs


def test_short_training_is_measured_on_three_times_ten_batches():
    taken = []
    input_speed.examples_per_second(slow_batches(0.0, 500, taken), [200] * 500, 500)
    assert len(taken) == input_speed.MADE_AHEAD + 3 * 10


def test_long_training_is_measured_on_a_hundredth_of_its_steps():
    taken = []
    input_speed.examples_per_second(slow_batches(0.0, 500, taken), [200] * 500, 12_000)
    assert len(taken) == input_speed.MADE_AHEAD + 120


def test_input_that_takes_more_than_half_of_a_step_binds_it():
    # a step of 100 examples takes 1 s; its input alone .6 s, .4 s
    assert input_speed.is_input_bound(100 / 0.6, 100)
    assert not input_speed.is_input_bound(100 / 0.4, 100)


@pytest.mark.parametrize("cell", [{}, {"loop": "fit"}], ids=["custom", "fit"])
@pytest.mark.parametrize("remainder", ["drop", "keep"])
def test_both_arms_have_the_trials_input_speed(cell, remainder):
    trial = make_trial("lookup", MIRRORED, cell=cell, remainder=remainder, global_batch=24)
    baseline, candidate = (arm.result for arm in train_arms(trial, DATA["lookup"]()))
    assert baseline.input_examples_per_second == candidate.input_examples_per_second > 0


class SlowDisk(np.memmap):
    """A mapped file that needs 50 ms whenever rows are taken from it."""

    def __getitem__(self, index):
        time.sleep(0.05)
        return super().__getitem__(index)


def test_trial_with_a_slow_input_is_flagged(tmp_path):
    dataset = DATA["lookup"]()
    np.save(tmp_path / "ids.npy", dataset.train.parts["ids"])
    slow = np.load(tmp_path / "ids.npy", mmap_mode="r").view(SlowDisk)
    dataset = replace(dataset, train=Examples({"ids": slow}, dataset.train.targets))
    for arm in train_arms(make_trial("lookup"), dataset):
        assert arm.result.input_bound
        assert arm.result.input_examples_per_second < 640  # 320, and room for a first batch read before
