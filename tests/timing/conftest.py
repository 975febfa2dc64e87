"""Sets the process up, as tests/training does: TensorFlow can be set up only once in the process of the tests."""

import pytest

from pipeline import frontend
from pipeline.records import Profile
from pipeline.training import process


@pytest.fixture(scope="session", autouse=True)
def profile():
    profile = Profile(frontend=frontend.NAME, logical_devices=4, threads=1)
    process.configure(profile)
    frontend.keras.utils.set_random_seed(0)  # with determinism on, TensorFlow refuses random operations without
    return profile
