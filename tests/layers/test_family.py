import pytest

from pipeline.errors import BuilderError, ConfigError
from pipeline.frontend import keras, variable_path
from pipeline.layers import registry
from pipeline.layers.bag import BagSpec
from pipeline.layers.family import make_spec, seeds, weights_by_role
from pipeline.layers.lookup import LookupSpec
from pipeline.layers.periodic import PeriodicSpec


def test_known_fields_and_options_make_a_spec():
    spec = make_spec(LookupSpec, {"width": 8}, tokens=2, vocabulary=10, seed=3)
    assert spec == LookupSpec(tokens=2, vocabulary=10, width=8, seed=3)


def test_unknown_option_is_refused_with_the_choices():
    with pytest.raises(ConfigError, match="unknown option 'widht' of LookupSpec; use one of: width"):
        make_spec(LookupSpec, {"widht": 8}, tokens=2, vocabulary=10, seed=3)


def test_what_follows_from_the_data_is_no_option():
    with pytest.raises(ConfigError, match="unknown option 'vocabulary'"):
        make_spec(LookupSpec, {"vocabulary": 8}, tokens=2, vocabulary=10, seed=3)


@pytest.mark.parametrize("width", [0, -1, 1.5, "8", True])
def test_option_that_is_no_positive_whole_number_is_refused(width):
    with pytest.raises(ConfigError, match="whole number of at least 1"):
        make_spec(LookupSpec, {"width": width}, tokens=2, vocabulary=10, seed=3)


@pytest.mark.parametrize("sigma", [0.25, 3])
def test_option_that_may_be_a_fraction_takes_any_number_above_0(sigma):
    assert make_spec(PeriodicSpec, {"sigma": sigma}, features=2, seed=3).sigma == sigma


@pytest.mark.parametrize("sigma", [0.0, -1.0, float("inf"), float("nan"), "1", True])
def test_fraction_that_is_no_number_above_0_is_refused(sigma):
    with pytest.raises(ConfigError, match="give a number above 0"):
        make_spec(PeriodicSpec, {"sigma": sigma}, features=2, seed=3)


def test_word_that_is_no_choice_is_refused_with_the_choices():
    with pytest.raises(ConfigError, match="combiner='max' does not fit; use one of: sum, mean, sqrtn"):
        make_spec(BagSpec, {"combiner": "max"}, tokens=2, vocabulary=10, seed=3)


def test_seeds_are_many_and_follow_from_one():
    assert seeds(3, 4) == seeds(3, 4)
    assert len({*seeds(3, 4), *seeds(4, 4)}) == 8
    assert all(0 <= seed < 2**31 for seed in seeds(2**32 - 1, 100))


def test_weights_are_found_by_role_in_the_familys_order():
    family = registry.load("stateful")
    model = family.arms["functional"](family.spec(steps=2, features=1, units=3))
    paths = {role: variable_path(variable) for role, variable in weights_by_role(model, family).items()}
    assert paths == {"kernel": "step/kernel", "bias": "step/bias", "state": "carry/state"}


def test_two_weights_of_one_role_are_refused():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(3, name="b")(keras.layers.Dense(3, name="a")(inputs)))
    with pytest.raises(BuilderError, match="two weights play the role 'kernel': a/kernel and b/kernel"):
        weights_by_role(model, registry.load("projection"))


def test_weight_without_a_role_is_refused():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(3, name="a")(inputs))
    with pytest.raises(BuilderError, match="'a/kernel' plays no role"):
        weights_by_role(model, registry.load("lookup"))
