import pytest
from certificates import certificate, counterexample, finding

from pipeline import InputSpec, testing
from pipeline.frontend import keras

FLOATS = [InputSpec(shape=(3,))]
QUICK = {"levels": ("interface", "values"), "batches": (2,)}


def dense(activation: str | None = None):
    return lambda: keras.layers.Dense(2, activation=activation)


def test_the_same_layer_passes_and_gives_its_certificate():
    made = testing.assert_layers_equivalent(dense(), dense(), FLOATS, **QUICK)
    assert made.verdict in testing.SAME


def test_a_different_layer_fails_with_verdict_level_counterexample_and_both_outputs():
    with pytest.raises(AssertionError) as failed:
        testing.assert_layers_equivalent(dense(), dense("relu"), FLOATS, **QUICK)
    text = str(failed.value)
    assert text.startswith("Different at level values: ")
    for part in (
        "different, first level values",
        "Counterexample",
        "input  float32[",
        "baseline  float",
        "candidate  ",
    ):
        assert part in text


def test_an_inconclusive_pair_fails():
    with pytest.raises(AssertionError, match=r"^Not decided"):
        testing.assert_layers_equivalent(dense(), dense(), FLOATS, levels=("interface",))


def test_an_inconclusive_pair_passes_where_that_is_allowed():
    made = testing.assert_layers_equivalent(dense(), dense(), FLOATS, levels=("interface",), allow_inconclusive=True)
    assert made.verdict == "inconclusive"


def test_allowing_inconclusive_does_not_allow_different():
    with pytest.raises(AssertionError, match=r"^Different"):
        testing.assert_layers_equivalent(dense(), dense("relu"), FLOATS, allow_inconclusive=True, **QUICK)


def test_the_message_shows_what_stands_beside_the_verdict():
    loud = finding("loud", check="clone", sentence="clone: the candidate raises TypeError: no config")
    shown = testing.message(certificate("different", finding("different", found=counterexample()), loud))
    assert "  clone  the candidate raises TypeError: no config" in shown
