import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf
from certify_arms import (
    FLOATS,
    IDS,
    KL,
    as_layer,
    dense_class,
    dense_functional,
    first_different,
    functional,
    make_pair,
    outcomes,
    plain,
    sound,
    table_weights,
)

from pipeline.certify.pair import Options
from pipeline.certify.update import check
from pipeline.errors import ConfigError
from pipeline.frontend import IS_KERAS_3
from pipeline.records import InputSpec


def gathering():
    return as_layer(table_weights, lambda s, x, _t: tf.gather(s.table, x))()


def one_hot():
    return as_layer(table_weights, lambda s, x, _t: tf.matmul(tf.one_hot(x, 20), s.table))()


def found(baseline, candidate, inputs, **options):
    return list(check(make_pair(baseline, candidate, inputs), Options(**options)))


def test_a_class_and_its_functional_counterpart_train_alike():
    assert sound(found(dense_class(), dense_functional(), FLOATS))


def test_two_lookups_with_sparse_gradients_train_alike():
    assert sound(found(gathering, functional((4,), lambda x: KL.Embedding(20, 3)(x), "int32"), IDS))


@pytest.mark.skipif(not IS_KERAS_3, reason="tf_keras sums the slices of a repeated id")
def test_gather_and_one_hot_train_differently_under_adam_and_the_finding_says_why():
    finding = first_different(found(gathering, one_hot, IDS))
    assert finding.check == "adam"
    assert "repeat" in finding.sentence
    assert "IndexedSlices" not in finding.sentence


def test_gather_and_one_hot_train_alike_under_sgd():
    assert outcomes(found(gathering, one_hot, IDS, optimizers=("sgd",)))["sgd"] == "same"


def counterpart(name, baseline=gathering):
    findings = found(baseline, baseline, IDS, optimizers=(name,))
    assert outcomes(findings)[name] == "same"
    return next((finding for finding in findings if finding.check.startswith(f"{name} as ")), None)


@pytest.mark.parametrize("name", ["sparse_sgd", "sparse_adagrad", "lazy_adam"])
def test_row_optimizer_with_a_dense_gradient_is_its_stock_counterpart_to_rounding(name):
    assert "otherwise" not in counterpart(name, one_hot).sentence


@pytest.mark.parametrize("name", ["sparse_sgd", "sparse_adagrad"])
def test_row_optimizer_that_mathematics_says_is_the_dense_one_is_so_bit_for_bit(name):
    finding = counterpart(name)
    assert "bit for bit" in finding.sentence
    assert finding.details["bitwise"] is True


def test_lazy_adam_with_sparse_gradients_is_not_adam_and_the_note_says_why():
    finding = counterpart("lazy_adam")
    assert finding.outcome == "note"
    assert "rest under lazy_adam" in finding.sentence


def test_rowwise_adagrad_has_no_counterpart_in_keras():
    assert counterpart("rowwise_adagrad") is None


@pytest.mark.parametrize("name", ["sparse_sgd", "sparse_adagrad", "rowwise_adagrad"])
def test_gather_and_one_hot_train_alike_under_optimizers_that_sum_repeats(name):
    assert outcomes(found(gathering, one_hot, IDS, optimizers=(name,)))[name] == "same"


def test_gather_and_one_hot_train_differently_under_lazy_adam_and_the_finding_says_why():
    finding = first_different(found(gathering, one_hot, IDS, optimizers=("lazy_adam",)))
    assert "lets the rows rest that have no slice" in finding.sentence


def test_gradient_types_are_told():
    note = next(finding for finding in found(gathering, one_hot, IDS) if finding.check == "gradient types")
    assert "IndexedSlices against dense" in note.sentence


def test_clipping_by_norm_of_other_gradient_types_is_a_note():
    assert outcomes(found(gathering, one_hot, IDS, optimizers=()))["sgd, clipped by norm"] == "note"


def test_gather_and_one_hot_train_alike_under_the_other_frontend():
    """The same pair in a process of its own, under tf_keras: its optimizers sum the slices of a repeated id."""
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from test_update_level import counterpart, found, gathering, one_hot, IDS, outcomes\n"
        "print(outcomes(found(gathering, one_hot, IDS)))\n"
        "print(*(counterpart(name).details['bitwise'] for name in ('sparse_sgd', 'sparse_adagrad', 'lazy_adam')))"
    )
    here = Path(__file__).parent
    environment = {**os.environ, "PARITY_FRONTEND": "tf_keras", "PYTHONPATH": str(here.parents[2])}
    command = [sys.executable, "-c", code, str(here), str(here.parent)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert "'adam': 'same'" in done.stdout
    assert "'adagrad': 'same'" in done.stdout
    assert done.stdout.splitlines()[-1] == "True True False"


def test_a_gradient_of_rounding_noise_is_not_judged():
    """A bias before a batch normalisation has no gradient but noise, which Adam would blow up to whole steps."""

    def make(layer, _shape):
        layer.bias = layer.add_weight(name="bias", shape=(6,), initializer="zeros")
        layer.gain = layer.add_weight(name="gain", shape=(6,), initializer="ones")

    def centred(order):
        def run(s, x, _t):
            shifted = x + s.bias
            mean = tf.add_n([shifted[i] for i in order]) / 8.0 if shifted.shape[0] == 8 else tf.reduce_mean(shifted, 0)
            return tf.tanh((shifted - mean) * s.gain)

        return as_layer(make, run)

    assert sound(found(centred(range(8)), centred((7, 2, 5, 0, 3, 6, 1, 4)), FLOATS))


FAR = (InputSpec((6,), low=-30.0, high=30.0),)


def waves(turns):
    """Sines of numbers so large that steps of SGD multiply the last bit of a product."""

    def make(layer, _shape):
        layer.frequencies = layer.add_weight(name="frequencies", shape=(6, 8))

    return as_layer(make, lambda s, x, _t: tf.sin(turns(x[:, :, tf.newaxis], s.frequencies)))


def test_rounding_that_steps_multiply_is_a_note_for_float64_knows():
    pair = waves(lambda x, f: x * f * 6.28), waves(lambda x, f: x * 6.28 * f)
    finding = next(finding for finding in found(*pair, FAR) if finding.check == "sgd")
    assert finding.details["relative_to_update"] > finding.details["tolerance"]
    assert (finding.outcome, "in float64" in finding.sentence) == ("note", True)


def test_a_difference_that_steps_multiply_stays_one():
    pair = waves(lambda x, f: x * f * 6.28), waves(lambda x, f: x * f * 6.2801)
    assert first_different(found(*pair, FAR)).check == "sgd"


def test_an_arm_that_float64_makes_another_one_is_not_excused_by_it():
    def narrow(x, f):
        return x * f * (6.28 if f.dtype == tf.float64 else 6.29)

    assert first_different(found(waves(lambda x, f: x * f * 6.28), waves(narrow), FAR)).check == "sgd"


def test_an_arm_that_raises_on_the_data_is_an_error_and_no_pass():
    below = (InputSpec((4,), "int32", -20, 19),)
    assert {finding.outcome for finding in found(gathering, gathering, below)} == {"error"}


def test_arms_without_weights_have_nothing_to_train():
    (note,) = found(plain(tf.identity), plain(tf.identity), FLOATS)
    assert note.outcome == "note"


def test_an_unknown_optimizer_is_refused_with_the_names_there_are():
    findings = found(dense_class(), dense_functional(), FLOATS, optimizers=("adamm",))
    assert ConfigError.__name__ in next(finding.traceback for finding in findings if finding.outcome == "error")
