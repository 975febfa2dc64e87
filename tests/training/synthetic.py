"""Trials on small made-up data."""

import os

import msgspec
from small_data import digits, people, ratings, series

from pipeline import frontend
from pipeline.records import Cell, Profile, Resources, Strategy, Training, TrainTrial

PROFILE = Profile(frontend=os.environ.get(frontend.ENVIRONMENT_VARIABLE, "keras"), logical_devices=4, threads=1)
ONE_DEVICE, MIRRORED = Strategy("one_device"), Strategy("mirrored", 2)
OPTIONS = {"projection": {"units": 6}, "lookup": {"width": 5}, "stateful": {"units": 4}, "multi_table": {"width": 3}}


DATA = {"projection": digits, "lookup": ratings, "stateful": series, "multi_table": people}


def make_trial(family, strategy=ONE_DEVICE, candidate="functional", seed=3, cell=None, **training):
    """Two epochs of four steps of 16 with dropout, by Adam, unless told otherwise."""
    settings = {"epochs": 2, "global_batch": 16, "learning_rate": 0.01, "dropout": 0.25, "steps_per_call": 3}
    about = Cell(family, "class", candidate, DATA[family]().name, strategy, PROFILE.frontend)
    about = msgspec.structs.replace(about, **(cell or {}))
    training = Training(**{**settings, **training})
    return TrainTrial("t", about, seed, training, OPTIONS[family], PROFILE, Resources())
