"""On programs that XLA compiled for this machine: an optimised HLO module is of the same kind everywhere."""

from dataclasses import replace

import pytest
import tensorflow as tf
from certify_arms import FLOATS, as_layer, dense_functional, make_pair, plain
from tensorflow.python.eager.polymorphic_function.compiler_ir import from_concrete_function

from pipeline.certify.program import ProgramRefused
from pipeline.certify.program.lowering import lower
from pipeline.certify.program.tracing import trace_forward
from pipeline.certify.tpu.optimised import program_name


def compiled(subject):
    traced = trace_forward(subject, 4, False)
    return from_concrete_function(traced.function)(stage="optimized_hlo_serialized"), lower("forward", traced, subject)


def names(baseline, candidate):
    return [program_name(*compiled(subject)) for subject in make_pair(baseline, candidate, FLOATS).subjects]


def scaled(call):
    def make(layer, _shape):
        layer.gain = layer.add_weight(name="gain", shape=(6,))
        layer.shift = layer.add_weight(name="shift", shape=(6,))

    return as_layer(make, lambda s, x, _t: call(x, s.gain, s.shift))


def test_the_same_program_has_one_name():
    first, second = names(dense_functional(), dense_functional())
    assert first == second


def test_another_constant_is_another_program():
    first, second = names(plain(lambda x: x * 2.0), plain(lambda x: x * 3.0))
    assert first != second


def test_another_use_of_the_operands_is_another_program():
    first, second = names(scaled(lambda x, g, s: x * g - s), scaled(lambda x, g, s: s - x * g))
    assert first != second


def test_weights_that_change_places_are_another_program():
    """The two modules read the same but for which weight each parameter is."""
    first, second = names(scaled(lambda x, g, s: x * g - s), scaled(lambda x, g, s: x * s - g))
    assert first != second


def test_another_region_of_a_reduction_is_another_program():
    first, second = names(plain(lambda x: tf.reduce_max(x, 1)), plain(lambda x: tf.reduce_min(x, 1)))
    assert first != second


def test_a_program_with_other_parameters_is_refused():
    hlo, program = compiled(make_pair(dense_functional(), dense_functional(), FLOATS).baseline)
    with pytest.raises(ProgramRefused, match="other parameters"):
        program_name(hlo, replace(program, parameters=program.parameters[:-1]))
