"""Settings that make no sense are one clear error each."""

import pytest

from pipeline.certify.settings import Settings, check
from pipeline.errors import ConfigError
from pipeline.records import InputSpec

ONE = (InputSpec((4,)),)


def refusal(inputs=ONE, **settings) -> str:
    with pytest.raises(ConfigError) as problem:
        check(Settings(**settings), inputs)
    return str(problem.value)


def test_the_defaults_make_sense():
    check(Settings(), ONE)


def test_no_inputs_are_refused_with_an_example():
    assert "there are no inputs" in refusal(inputs=())


def test_an_unknown_level_is_named_with_the_choices():
    text = refusal(levels=("values", "speed"))
    assert "levels: unknown 'speed'" in text
    assert "interface, program, values, update, lifecycle" in text


def test_the_levels_on_request_are_not_among_the_usual_ones():
    check(Settings(levels=("distribution", "tpu")), ONE)
    assert not {"distribution", "tpu"} & set(Settings().levels)


def test_no_level_at_all_is_refused():
    assert "levels is empty" in refusal(levels=())


def test_an_unknown_optimizer_is_named_with_the_choices():
    text = refusal(optimizers=("adam", "adamant"))
    assert "optimizers: unknown 'adamant'" in text
    assert "adagrad" in text


def test_an_unknown_dtype_policy_is_named():
    assert "dtype_policy: unknown 'float8'" in refusal(dtype_policy="float8")


@pytest.mark.parametrize("tolerance", [0.0, 1.0, -1e-6, float("nan")])
def test_a_tolerance_is_a_share(tolerance):
    assert f"tolerance={tolerance} is out of range" in refusal(tolerance=tolerance)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_time_limit_is_above_zero(seconds):
    assert f"time_limit={seconds} is out of range" in refusal(time_limit=seconds)


@pytest.mark.parametrize("batches", [(), (0,), (4, 4097)])
def test_batch_sizes_are_within_reason(batches):
    assert "is out of range" in refusal(batches=batches)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_fits_31_bits(seed):
    assert f"seed={seed} is out of range" in refusal(seed=seed)


def test_one_tolerance_stands_for_every_dtype():
    assert set(Settings(tolerance=1e-3).tolerances.values()) == {1e-3}


def test_the_shown_settings_tell_whether_weights_were_mapped():
    assert Settings(weights_map={"a": "b"}).shown()["weights_map"] == "given"
    assert Settings().shown()["weights_map"] == "inferred"
