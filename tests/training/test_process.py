import msgspec
import pytest
import tensorflow as tf

from pipeline import frontend
from pipeline.errors import TrialError
from pipeline.records import Profile
from pipeline.training import process


def test_process_has_the_profiles_logical_devices_and_threads(profile):
    assert len(tf.config.list_logical_devices("CPU")) == profile.logical_devices == 4
    assert tf.config.threading.get_intra_op_parallelism_threads() == profile.threads == 1


def test_same_profile_again_is_fine(profile):
    process.configure(msgspec.structs.replace(profile))


def test_second_profile_is_refused(profile):
    with pytest.raises(TrialError, match="this process is set up for") as refused:
        process.configure(msgspec.structs.replace(profile, threads=2))
    assert refused.value.category == "infrastructure"


@pytest.fixture
def fresh(monkeypatch):
    """The process as if it had not been set up; what follows is refused before TensorFlow is touched."""
    monkeypatch.setattr(process, "_configured", [])


@pytest.mark.usefixtures("fresh")
def test_profile_of_another_frontend_is_refused_with_the_remedy():
    other = {"keras": "tf_keras", "tf_keras": "keras"}[frontend.NAME]
    with pytest.raises(TrialError, match=f"start it with PARITY_FRONTEND={other}"):
        process.configure(Profile(frontend=other))
