"""False proofs that are easy to make, and what keeps each from happening."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import FLOATS, ROWS, Written, dense, plain, stock_dense, subject, written

from pipeline.certify.program import Program, ProgramRefused, compare, fingerprint, forward, vjp
from pipeline.certify.program import lowering as lowering_module
from pipeline.certify.program.lowering import parameters_of
from pipeline.certify.program.tracing import trace_forward
from pipeline.certify.subject import Subject
from pipeline.frontend import keras
from pipeline.records import RULES, InputSpec


def judged(a: Subject, b: Subject, batches=(3,)):
    return compare(a, b, batches, (False,), 60.0, optimizers=())


def same(a: Program, b: Program, spec: InputSpec = FLOATS) -> bool:
    return any(
        fingerprint(a, rule=rule, input_specs=(spec,)).hash == fingerprint(b, rule=rule, input_specs=(spec,)).hash
        for rule in RULES
    )


# --- 1. weights are paired by role, not by order ---------------------------------------------------------------------
def attention(swapped: bool) -> Written:
    def body(w, x):
        query, key = (w["key"], w["query"]) if swapped else (w["query"], w["key"])
        return tf.nn.softmax((x @ query) @ tf.transpose(x @ key, (0, 2, 1))) @ x

    return written({"query": (6, 6), "key": (6, 6)}, body)


def test_weights_that_swapped_places_are_told_apart_by_role():
    roles = ("query", "key")
    one, other = attention(swapped=False), attention(swapped=True)
    for model in (one, other):
        model(np.zeros((2, *ROWS.shape), "float32"))
    by_role = [subject(m, ROWS, roles, (m.parts["query"], m.parts["key"])) for m in (one, other)]
    by_order_of_use = [
        by_role[0],
        subject(other, ROWS, roles, (other.parts["key"], other.parts["query"])),
    ]
    assert same(forward(by_order_of_use[0], 3, False), forward(by_order_of_use[1], 3, False), ROWS)
    assert judged(*by_role).equal is False


# --- 2. captured constants count by value ----------------------------------------------------------------------------
def captured(last: float) -> Subject:
    table = np.arange(240, dtype="float32").reshape(6, 40)
    table[5, 39] = last
    constant = tf.constant(table)
    return plain(lambda x: x @ constant)


def test_two_captured_tables_are_told_apart_by_their_values(monkeypatch):
    assert judged(captured(0.0), captured(0.0)).equal is True
    assert judged(captured(0.0), captured(1.0)).equal is False
    monkeypatch.setattr(lowering_module, "_digest", lambda value: str(value.shape))
    assert same(forward(captured(0.0), 3, False), forward(captured(1.0), 3, False))


# --- 3. draws from a hidden generator --------------------------------------------------------------------------------
def two_draws(x):
    return x + tf.random.uniform(tf.shape(x)) - tf.random.uniform(tf.shape(x))


def one_draw(x):
    noise = tf.random.uniform(tf.shape(x))
    return x + noise - noise


@pytest.mark.parametrize("body", [two_draws, one_draw])
def test_draws_from_a_hidden_generator_are_refused(body):
    with pytest.raises(ProgramRefused, match="not a pure function"):
        forward(plain(body), 3, False)


def test_without_that_refusal_two_draws_would_be_one(monkeypatch):
    monkeypatch.setattr(lowering_module, "impure_opcodes", lambda _module: ())
    unlike = plain(lambda x: x + tf.random.uniform(tf.shape(x)) * tf.random.uniform(tf.shape(x)))
    square = plain(lambda x: x + tf.square(tf.random.uniform(tf.shape(x))))
    programs = forward(unlike, 3, False), forward(square, 3, False)
    assert same(*programs)
    assert fingerprint(programs[0], rule="exact", input_specs=(FLOATS,)).opaque == ("rng",)


# --- 4. the call goes through __call__, where the dtype policy applies -----------------------------------------------
def test_a_dtype_policy_is_part_of_the_program():
    mixed = Written({"kernel": (6, 8), "bias": (8,)}, lambda w, x: x @ w["kernel"] + w["bias"], dtype="mixed_bfloat16")
    assert judged(subject(mixed, FLOATS), dense()).equal is False


# --- 5. the gradient is always looked at -----------------------------------------------------------------------------
@tf.custom_gradient
def half_gradient(x):
    return tf.identity(x), lambda upstream: upstream * 0.5


GRADIENT_TRAPS = {
    "stop_gradient": (
        lambda: dense(lambda w, x: x @ w["kernel"] + tf.stop_gradient(w["bias"])),
        dense,
    ),
    "half gradient": (
        lambda: dense(lambda w, x: half_gradient(x) @ w["kernel"] + w["bias"]),
        dense,
    ),
    "maximum for relu": (
        lambda: plain(lambda x: tf.maximum(x, 0.0)),
        lambda: plain(tf.nn.relu),
    ),
}


@pytest.mark.parametrize("trap", GRADIENT_TRAPS)
def test_equal_values_with_other_gradients_are_another_program(trap):
    one, other = (make() for make in GRADIENT_TRAPS[trap])
    assert same(forward(one, 3, False), forward(other, 3, False))
    assert not same(vjp(one, 3, False), vjp(other, 3, False))
    assert judged(one, other).equal is False


# --- 6. what the traced program does not show ------------------------------------------------------------------------
def test_a_variable_that_the_model_does_not_track_is_refused():
    hidden = tf.Variable([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    result = judged(plain(lambda x: x * hidden), plain(lambda x: x * hidden))
    assert result.equal is None
    assert "has no role" in result.refused


class Counting(keras.layers.Layer):
    calls = 0

    def call(self, x):
        self.calls += 1
        return tf.nn.relu(x) * (2.0 if self.calls > 100 else 1.0)


class CountingOnTheClass(keras.layers.Layer):
    calls = 0

    def call(self, x):
        type(self).calls += 1
        return tf.nn.relu(x) * (2.0 if self.calls > 100 else 1.0)


def counting_in_a_closure():
    seen = []

    def body(x):
        seen.append(1)
        return tf.nn.relu(x) * (2.0 if len(seen) > 100 else 1.0)

    return plain(body)


def counting_by_an_iterator():
    numbers = itertools.count()
    return plain(lambda x: tf.nn.relu(x) * (2.0 if next(numbers) > 100 else 1.0))


def drawing_with_numpy():
    return plain(lambda x: x + np.random.normal() * 0.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: subject(Counting(), FLOATS),
        lambda: subject(CountingOnTheClass(), FLOATS),
        counting_in_a_closure,
        counting_by_an_iterator,
        drawing_with_numpy,
    ],
    ids=["attribute", "class attribute", "closure", "iterator", "numpy"],
)
def test_a_layer_whose_python_state_changes_with_each_call_is_refused(make):
    with pytest.raises(ProgramRefused, match="Python state"):
        forward(make(), 3, False)


def test_a_branch_on_the_batch_size_shows_at_that_batch_size_only():
    branching = plain(lambda x: x * 2.0 if x.shape[0] == 8 else tf.nn.relu(x))
    straight = plain(tf.nn.relu)
    seen = judged(branching, straight, (1, 4))
    assert seen.equal is True
    assert seen.preconditions == ("batch sizes 1, 4",)
    assert judged(branching, straight, (1, 4, 8)).equal is False


# --- 7. equal machine code is no proof -------------------------------------------------------------------------------
def test_constants_that_machine_code_would_keep_apart_in_data_are_part_of_the_hash():
    one = np.linspace(0, 1, 6, dtype="float32")
    other = one.copy()
    other[3] = np.nextafter(other[3], np.float32(1))
    assert judged(plain(lambda x: x + one), plain(lambda x: x + other)).equal is False


def test_the_program_is_taken_before_the_compiler_optimises_it():
    opcodes = {item.opcode for c in forward(stock_dense(), 3, False).module.computations for item in c.instructions}
    assert "dot" in opcodes
    assert "fusion" not in opcodes
    assert "custom-call" not in opcodes


# --- and every parameter has a name ----------------------------------------------------------------------------------
def test_every_parameter_of_a_program_is_named():
    arm = stock_dense()
    program = vjp(arm, 3, False)
    assert [parameter.token for parameter in program.parameters] == [
        "input 0 float32[3, 6]",
        "cotangent output 0 float32[3, 8]",
        "weight w0 float32[6, 8]",
        "weight w1 float32[8]",
    ]
    assert parameters_of(trace_forward(arm, 3, False), arm)[1] == {}
