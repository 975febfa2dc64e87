import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import (
    FLOATS,
    IDS,
    KL,
    Written,
    dense,
    functional,
    plain,
    stock_dense,
    subject,
    table,
)

from pipeline.certify.program import ProgramRefused, compare, forward, train_step, vjp
from pipeline.certify.program.tracing import trace_forward
from pipeline.certify.subject import Subject, tensor_variables
from pipeline.frontend import keras


def test_results_and_roles_of_a_call_are_named():
    arm = subject(functional(FLOATS, KL.BatchNormalization()), FLOATS, ("gamma", "beta", "mean", "variance"))
    assert forward(arm, 3, True).outputs == ("output 0", "state weight mean", "state weight variance")
    assert forward(arm, 3, False).outputs == ("output 0",)


def test_the_vjp_gives_dense_and_sparse_gradients_apart():
    assert vjp(dense(), 3, False).outputs == ("gradient w0", "gradient w1", "gradient input 0")
    gathered = vjp(table(lambda rows, ids: tf.gather(rows, ids)), 3, False)
    assert gathered.outputs == ("gradient w0 values", "gradient w0 indices")
    assert gathered.structure == "{'gradient w0': 'sparse'}"


def test_a_gradient_that_is_missing_is_said_to_be_missing():
    arm = dense(lambda w, x: x @ w["kernel"])
    assert (
        vjp(arm, 3, False).structure == "{'gradient w0': 'dense', 'gradient w1': 'none', 'gradient input 0': 'dense'}"
    )


def test_losses_are_results_and_have_cotangents():
    arm = stock_dense(kernel_regularizer="l2")
    assert forward(arm, 3, False).outputs == ("output 0", "loss 0")
    assert [p.name for p in vjp(arm, 3, False).parameters if p.kind == "cotangent"] == ["output 0", "loss 0"]


def test_a_loss_added_in_the_call_is_seen_once_and_does_not_leak():
    class Penalised(keras.layers.Layer):
        def call(self, x):
            self.add_loss(tf.reduce_sum(x))
            return x

    arm = subject(Penalised(), FLOATS)
    assert forward(arm, 3, False).outputs == ("output 0", "loss 0")
    assert forward(arm, 3, False).outputs == ("output 0", "loss 0")
    assert arm.model.losses == []


def test_a_mask_is_a_result():
    masked = subject(functional(IDS, KL.Embedding(20, 3, mask_zero=True)), IDS)
    bare = subject(functional(IDS, KL.Embedding(20, 3)), IDS)
    assert forward(masked, 3, False).outputs == ("output 0", "mask 0")
    assert compare(masked, bare, (3,), (False,), 60.0, optimizers=()).equal is False


def test_how_outputs_nest_is_part_of_the_program():
    listed, named = plain(lambda x: [x, 2.0 * x]), plain(lambda x: {"a": x, "b": 2.0 * x})
    assert forward(listed, 3, False).outputs == forward(named, 3, False).outputs
    assert compare(listed, named, (3,), (False,), 60.0, optimizers=()).equal is False


def test_slots_of_an_optimizer_are_state():
    outputs = train_step(dense(), 3, "adam").outputs
    assert outputs[:3] == ("step", "state weight w0", "state weight w1")
    assert sum(name.startswith("state optimizer") for name in outputs) == 5  # the step count, two slots a weight


def test_another_optimizer_is_another_program():
    assert train_step(dense(), 3, "adam").outputs != train_step(dense(), 3, "sgd").outputs


class OwnDropout(keras.layers.Layer):
    def __init__(self, rate):
        super().__init__()
        self.rate, self.generator = rate, keras.random.SeedGenerator(7)

    def call(self, x, training=False):
        return keras.random.dropout(x, self.rate, seed=self.generator) if training else x


def dropout(model):
    model(np.zeros((3, 6), "float32"))
    return Subject(
        "baseline", model, (FLOATS,), ("seed",), tuple(model.non_trainable_variables or model.variables), True
    )


def test_dropout_with_the_state_of_its_seed_is_a_program():
    own, stock = dropout(OwnDropout(0.3)), dropout(KL.Dropout(0.3, seed=7))
    assert compare(own, stock, (3,), (False, True), 60.0).equal is True
    assert forward(own, 3, True).outputs == ("output 0", "state weight seed")


def test_another_rate_of_dropout_is_another_program():
    result = compare(dropout(OwnDropout(0.4)), dropout(KL.Dropout(0.3, seed=7)), (3,), (False, True), 60.0)
    assert result.equal is False


def test_an_arm_that_raises_while_traced_is_refused_with_its_message():
    def failing(x):
        if x.shape[0] == 5:
            raise ValueError("only three rows, please")
        return x

    with pytest.raises(ProgramRefused, match="only three rows, please"):
        forward(plain(failing), 5, False)


def test_a_call_into_python_is_refused():
    with pytest.raises(ProgramRefused, match="XLA can't compile it"):
        forward(plain(lambda x: tf.ensure_shape(tf.numpy_function(np.sin, [x], "float32"), x.shape)), 3, False)


def test_tracing_leaves_the_weights_as_they_were():
    arm = subject(functional(FLOATS, KL.BatchNormalization()), FLOATS)
    before = [tensor.numpy() for tensor in tensor_variables(arm).values()]
    train_step(arm, 3, "adam")
    trace_forward(arm, 3, True)
    after = [tensor.numpy() for tensor in tensor_variables(arm).values()]
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_roles_must_be_as_many_as_variables_and_distinct():
    with pytest.raises(ValueError, match="distinct roles"):
        subject(Written({"a": (2,)}, lambda _weights, x: x), FLOATS, ("one", "two"))


def test_a_function_without_gradients_has_a_program_without_results():
    arm = plain(lambda ids: ids // 4, IDS)
    assert vjp(arm, 3, False).outputs == ()
    assert compare(arm, plain(lambda ids: ids // 4, IDS), (3,), (False,), 60.0).equal is True
    assert compare(arm, plain(lambda ids: ids // 5, IDS), (3,), (False,), 60.0).equal is False
