import pytest
from certify_arms import FLOATS, IDS, KL, dense_functional

from pipeline.certify.builders import build, passes_positionally, resolve, takes_training
from pipeline.errors import BuilderError
from pipeline.frontend import keras
from pipeline.records import InputSpec

ARM_FILE = """
from pipeline.frontend import keras

def block():
    return keras.layers.Dense(3)

NUMBER = 3
"""


@pytest.fixture
def arm_file(tmp_path):
    path = tmp_path / "my_arms.py"
    path.write_text(ARM_FILE)
    return path


def test_a_builder_is_found_in_a_file(arm_file):
    assert isinstance(resolve("baseline", f"{arm_file}:block")(), KL.Dense)


def test_a_builder_is_found_in_a_relative_file(arm_file, monkeypatch):
    monkeypatch.chdir(arm_file.parent)
    assert callable(resolve("baseline", "my_arms.py:block"))


def test_a_builder_is_found_in_a_module():
    assert resolve("baseline", "pipeline.certify.builders:build") is build


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("nowhere.at.all:block", "candidate: module 'nowhere.at.all' can't be imported"),
        ("missing.py:block", "candidate: there is no file missing.py"),
        ("no_colon", "candidate: 'no_colon' is not module:callable"),
        ("{file}:blocks", "has no 'blocks'; name one of its callables: block"),
        ("{file}:NUMBER", "is a int; name a callable"),
    ],
)
def test_a_reference_that_leads_nowhere_names_the_arm_and_the_remedy(arm_file, reference, says):
    with pytest.raises(BuilderError) as caught:
        resolve("candidate", reference.format(file=arm_file))
    assert says in str(caught.value)


def test_a_file_that_raises_is_one_line(tmp_path):
    path = tmp_path / "broken_arms.py"
    path.write_text("1 / 0")
    with pytest.raises(BuilderError, match=r"^baseline: .*ZeroDivisionError: division by zero; mend that file$"):
        resolve("baseline", f"{path}:block")


def test_a_builder_that_raises_is_one_line_with_its_message():
    def builder():
        raise ValueError("units must be positive")

    with pytest.raises(BuilderError, match=r"^candidate: its builder raised ValueError: units must be positive"):
        build("candidate", builder, FLOATS)


def test_a_builder_must_return_a_layer_or_a_model():
    with pytest.raises(BuilderError, match="returned dict, which is neither a Layer nor a Model"):
        build("baseline", dict, FLOATS)


def test_inputs_that_do_not_fit_are_named():
    with pytest.raises(BuilderError, match=r"baseline: it can't be called on inputs float32\[7\]"):
        build("baseline", dense_functional(), (InputSpec((7,)),))


def test_a_layer_is_built_by_a_call():
    assert build("baseline", lambda: KL.Embedding(20, 3), IDS).weights


def test_building_an_arm_does_not_move_its_state():
    class Counter(keras.layers.Layer):
        def build(self, input_shape):  # noqa: ARG002 - Keras passes it by name
            self.calls = self.add_weight(name="calls", shape=(), initializer="zeros", trainable=False)
            self.built = True

        def call(self, x):
            self.calls.assign_add(1.0)
            return x

    assert build("baseline", Counter, FLOATS).calls.numpy() == 0.0


class Joining(keras.layers.Layer):
    def call(self, left, right, training=None):  # noqa: ARG002 - Keras passes it by name
        return left + right


class Listing(keras.layers.Layer):
    def call(self, inputs):
        return inputs[0] + inputs[1]


def test_two_required_arguments_are_passed_one_by_one():
    assert passes_positionally(build("baseline", Joining, FLOATS * 2), 2)


def test_one_argument_takes_several_inputs_as_a_list():
    assert not passes_positionally(build("baseline", Listing, FLOATS * 2), 2)


def test_the_training_flag_is_read_off_the_signature():
    assert takes_training(Joining())
    assert not takes_training(Listing())
