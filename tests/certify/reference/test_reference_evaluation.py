import numpy as np
import pytest
import tensorflow as tf
from hlo_arms import FLOATS, IDS, KL, ROWS, functional, plain, stock_dense, stock_pooled, subject, table

from pipeline.certify.program import forward, vjp
from pipeline.certify.reference import Unsupported, evaluate
from pipeline.certify.subject import tensor_variables
from pipeline.records import InputSpec

RNG = np.random.default_rng(0)


def arguments(arm, batch=3):
    drawn = {f"input {k}": draw(spec, batch) for k, spec in enumerate(arm.inputs)}
    return drawn | {f"weight {role}": variable.numpy() for role, variable in tensor_variables(arm).items()}


def draw(spec, batch):
    shape = (batch, *spec.shape)
    if spec.dtype.startswith("int"):
        return RNG.integers(int(spec.low), int(spec.high) + 1, shape).astype(spec.dtype)
    return RNG.normal(size=shape).astype(spec.dtype)


ARMS = {
    "dense": stock_dense,
    "gelu": lambda: stock_dense(activation="gelu"),
    "pooled embedding": stock_pooled,
    "layer normalisation": lambda: subject(functional(ROWS, KL.LayerNormalization()), ROWS),
    "convolution": lambda: subject(functional(ROWS, KL.Conv1D(4, 2, strides=2, padding="same")), ROWS),
    "dilated convolution": lambda: subject(functional(ROWS, KL.Conv1D(4, 2, dilation_rate=2)), ROWS),
    "depthwise convolution": lambda: subject(functional(ROWS, KL.DepthwiseConv1D(3)), ROWS),
    "maximum pooling": lambda: subject(functional(ROWS, KL.MaxPooling1D(2)), ROWS),
    "average pooling": lambda: subject(functional(ROWS, KL.AveragePooling1D(3, strides=1, padding="same")), ROWS),
    "recurrent": lambda: subject(functional(ROWS, KL.GRU(4)), ROWS),
    "attention": lambda: subject(functional(ROWS, lambda x: KL.MultiHeadAttention(2, 3)(x, x)), ROWS),
    "softmax": lambda: plain(tf.nn.softmax),
    "running sum": lambda: plain(lambda x: tf.cumsum(x, 1)),
}


@pytest.mark.parametrize("case", ARMS)
def test_the_reference_agrees_with_the_model_within_float32(case):
    arm = ARMS[case]()
    given = arguments(arm)
    program = forward(arm, 3, False)
    found = dict(zip(program.outputs, evaluate(program, given), strict=True))["output 0"]
    expected = np.asarray(arm.model(given["input 0"]))
    assert found.dtype == np.longdouble
    np.testing.assert_allclose(found.astype("float64"), expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("case", ["dense", "gelu", "layer normalisation", "convolution", "attention"])
def test_gradients_agree_with_the_tape_within_float32(case):
    arm = ARMS[case]()
    given = arguments(arm)
    program = vjp(arm, 3, False)
    upstream = RNG.normal(size=arm.model(given["input 0"]).shape).astype("float32")
    found = dict(zip(program.outputs, evaluate(program, given | {"cotangent output 0": upstream}), strict=True))
    x = tf.constant(given["input 0"])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(arm.model(x) * upstream)
    expected = tape.gradient(loss, x).numpy()
    np.testing.assert_allclose(found["gradient input 0"].astype("float64"), expected, rtol=1e-4, atol=1e-5)


def test_the_reference_sees_what_float32_loses():
    arm = plain(lambda x: (x + 1e8) - 1e8)
    value = np.full((3, 6), 0.5, "float32")
    (found,) = evaluate(forward(arm, 3, False), {"input 0": value})
    assert (np.asarray(arm.model(value)) == 0).all()
    assert (found == 0.5).all()


def test_an_id_beyond_the_table_reads_its_last_row_as_xla_does():
    arm = table(lambda rows, ids: tf.gather(rows, ids))
    given = arguments(arm, 1) | {"input 0": np.array([[0, 19, 25, 400]], "int32")}
    (found,) = evaluate(forward(arm, 1, False), given)
    assert (found[0] == given["weight w0"][[0, 19, 19, 19]]).all()


def test_repeated_ids_of_a_scatter_add_up_and_those_beyond_it_are_dropped():
    def counted(ids):
        amounts = tf.ones_like(ids[0], "float32") * tf.constant([1.0, 2.0, 4.0, 8.0])
        return tf.tensor_scatter_nd_add(tf.zeros(3), tf.reshape(ids[0], (-1, 1)), amounts)

    program = forward(plain(counted, InputSpec((4,), "int32", 0, 1)), 1, False)
    (found,) = evaluate(program, {"input 0": np.array([[1, 1, 2, 9]], "int32")})
    assert found.tolist() == [0.0, 3.0, 4.0]


def test_integers_stay_integers():
    (found,) = evaluate(
        forward(plain(lambda x: x // 3, IDS), 2, False), {"input 0": np.array([[0, 1, 3, 8]] * 2, "int32")}
    )
    assert found.tolist() == [[0, 0, 1, 2]] * 2


@pytest.mark.parametrize(("divisor", "remainders"), [(3, [2, 0, 1, 2]), (-3, [-1, 0, -2, -1])])
def test_floored_remainders_are_those_of_python(divisor, remainders):
    spec = InputSpec((4,), "int32", -9, 9)
    program = forward(plain(lambda x: tf.math.floormod(x, divisor), spec), 1, False)
    (found,) = evaluate(program, {"input 0": np.array([[-4, -3, 4, 5]], "int32")})
    assert found.tolist() == [remainders]


def test_a_missing_value_is_named():
    with pytest.raises(KeyError, match="weight w0"):
        evaluate(forward(stock_dense(), 3, False), {"input 0": np.zeros((3, 6), "float32")})


def test_an_opcode_without_a_meaning_is_named():
    drawn = plain(lambda x: x + tf.random.stateless_uniform(tf.shape(x), (1, 2)))
    with pytest.raises(Unsupported, match="rng-bit-generator"):
        evaluate(forward(drawn, 3, False), {"input 0": np.zeros((3, *FLOATS.shape), "float32")})
