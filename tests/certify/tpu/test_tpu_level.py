import sys

import pytest
import tensorflow as tf
from certify_arms import FLOATS, KL, as_layer, dense_class, dense_functional, functional, make_pair, outcomes, plain

from pipeline.certify.pair import Options
from pipeline.certify.tpu.level import ABSENT, check
from pipeline.certify.tpu.process import available

with_extra = pytest.mark.skipif(not available(), reason="needs the extra: pip install 'layerparity[tpu-aot]'")


def found(baseline, candidate, **options):
    return list(check(make_pair(baseline, candidate, FLOATS), Options(**options)))


def test_an_absent_extra_is_one_note_and_no_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "libtpu", None)
    (finding,) = found(dense_class(), dense_functional())
    assert (finding.outcome, finding.sentence) == ("note", ABSENT)


@with_extra
def test_an_arm_against_itself_compiles_to_the_same_programs():
    findings = found(dense_functional(), dense_functional(), batches=(1, 8))
    assert outcomes(findings) == {
        "forward, inference, batch 8": "same",
        "vjp, inference, batch 8": "same",
        "forward, training, batch 8": "same",
        "vjp, training, batch 8": "same",
    }
    assert findings[0].details["baseline_flops"] > 0
    assert findings[0].details["baseline_argument_bytes"] > 0
    assert findings[0].seconds > 0


@with_extra
def test_another_function_compiles_to_another_program_and_that_is_a_note():
    findings = found(plain(lambda x: x * 2.0), plain(lambda x: x * 3.0))
    assert set(outcomes(findings).values()) == {"note"}
    assert "each to another program" in findings[0].sentence


@with_extra
def test_weights_that_change_places_are_another_program_on_a_tpu():
    def make(layer, _shape):
        layer.gain = layer.add_weight(name="gain", shape=(6,))
        layer.shift = layer.add_weight(name="shift", shape=(6,))

    gained = as_layer(make, lambda s, x, _t: x * s.gain - s.shift)
    swapped = as_layer(make, lambda s, x, _t: x * s.shift - s.gain)
    assert outcomes(found(gained, swapped))["forward, inference, batch 4"] == "note"


@with_extra
def test_what_the_tpu_refuses_in_one_arm_is_loud_in_one_line():
    spectrum = plain(lambda x: tf.math.real(tf.signal.fft(tf.cast(x, tf.complex128))))
    finding = found(spectrum, plain(lambda x: tf.cast(x, tf.float64)))[0]
    assert finding.outcome == "loud"
    assert "the candidate compiles for a TPU, the baseline does not" in finding.sentence
    assert "Unexpected operand type for FFT: c128" in finding.sentence
    assert "Code Location" not in finding.sentence


@with_extra
def test_an_arm_that_updates_its_state_compiles():
    stock = functional((6,), lambda x: KL.BatchNormalization()(x))
    assert set(outcomes(found(stock, stock)).values()) == {"same"}


@with_extra
def test_erf_compiles_though_tensorflow_writes_it_in_an_older_dialect():
    assert set(outcomes(found(plain(tf.math.erf), plain(tf.math.erf))).values()) == {"same"}


@with_extra
def test_a_compiler_that_can_not_start_is_an_error_and_no_word_about_the_arms(monkeypatch):
    monkeypatch.setattr("pipeline.certify.tpu.process.TOPOLOGY", "v5e:no such slice")
    findings = found(dense_class(), dense_functional())
    assert {finding.outcome for finding in findings} == {"error"}
    assert all("process ended with code 1" in finding.sentence for finding in findings)
    assert "Error" in findings[0].traceback


@with_extra
def test_no_time_is_a_note_for_every_module():
    findings = found(dense_class(), dense_functional(), remaining=lambda: 0.0)
    assert {finding.outcome for finding in findings} == {"note"}
    assert all("time was up" in finding.sentence for finding in findings)
