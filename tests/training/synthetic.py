"""Small synthetic data sets, one for each family, and trials on them."""

import os

import msgspec
import numpy as np

from pipeline import frontend
from pipeline.records import Cell, Dataset, Profile, Resources, Strategy, Training, TrainTrial

PROFILE = Profile(frontend=os.environ.get(frontend.ENVIRONMENT_VARIABLE, "keras"), logical_devices=4, threads=1)
ONE_DEVICE, MIRRORED = Strategy("one_device"), Strategy("mirrored", 2)
OPTIONS = {"projection": {"units": 6}, "lookup": {"width": 5}, "stateful": {"units": 4}}


def digits():
    random = np.random.default_rng(0)
    inputs = random.random((80, 12)).astype("float32")
    targets = inputs[:, :3].argmax(axis=1).astype("int32")
    return Dataset("digits", "classification", inputs[:64], targets[:64], inputs[64:], targets[64:], None, 3)


def ratings():
    random = np.random.default_rng(0)
    ids = np.stack([random.integers(0, 4, 80), random.integers(4, 9, 80)], axis=1).astype("int32")
    targets = (1 + ids[:, 0] % 4 + ids[:, 1] % 2).astype("float32")
    return Dataset("ratings", "rating", ids[:64], targets[:64], ids[64:], targets[64:], None, 1, 9)


def series():
    values = np.sin(np.arange(86) / 3).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(values, 7)[:80]
    inputs, targets = windows[:, :6, None].copy(), windows[:, 6:].copy()
    labels = np.zeros(16, "int32")
    labels[5:8] = 1
    return Dataset("series", "forecast", inputs[:64], targets[:64], inputs[64:], targets[64:], labels, 1)


DATA = {"projection": digits, "lookup": ratings, "stateful": series}


def make_trial(family, strategy=ONE_DEVICE, candidate="functional", seed=3, cell=None, **training):
    """Two epochs of four steps of 16 with dropout, by Adam, unless told otherwise."""
    settings = {"epochs": 2, "global_batch": 16, "learning_rate": 0.01, "dropout": 0.25, "steps_per_call": 3}
    about = Cell(family, "class", candidate, DATA[family]().name, strategy, PROFILE.frontend)
    about = msgspec.structs.replace(about, **(cell or {}))
    training = Training(**{**settings, **training})
    return TrainTrial("t", about, seed, training, OPTIONS[family], PROFILE, Resources())
