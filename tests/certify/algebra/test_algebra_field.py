import numpy as np
import pytest

from pipeline.certify.algebra import field
from pipeline.certify.algebra.field import P
from pipeline.certify.algebra.functions import RATIONAL, UNKNOWN, compare
from pipeline.certify.program.interpret.walk import Unsupported

X = np.random.default_rng(0).integers(1, P, 50)
Y = np.random.default_rng(1).integers(1, P, 50)


def test_a_number_times_its_inverse_is_one():
    assert (field.multiply(X, field.inverse(X)) == 1).all()


def test_a_division_by_zero_is_refused():
    with pytest.raises(Unsupported, match="always zero"):
        field.inverse(np.array([1, 0]))


def test_matrix_products_are_exact():
    left, right = X[:24].reshape(1, 4, 6), Y[:18].reshape(1, 6, 3)
    exact = left.astype(object)[0] @ right.astype(object)[0] % P
    assert (field.matrix_product(left, right)[0] == exact.astype(np.int64)).all()


def test_relu_of_x_minus_relu_of_minus_x_is_x():
    assert ((field.rectified(X, 0) - field.rectified((-X) % P, 0)) % P == X).all()


def test_a_maximum_does_not_depend_on_the_order():
    assert (field.maximum(X, Y, 0) == field.maximum(Y, X, 0)).all()


def test_tanh_is_odd_and_a_shifted_logistic():
    tanh, logistic = UNKNOWN["tanh"], UNKNOWN["logistic"]
    assert ((tanh(X, 0) + tanh((-X) % P, 0)) % P == 0).all()
    assert ((2 * logistic((2 * X) % P, 0) - 1) % P == tanh(X, 0)).all()


@pytest.mark.parametrize("name", ["sine", "erf", "sqrt", "tan"])
def test_functions_that_are_zero_at_zero_are(name):
    assert UNKNOWN[name](np.array([0]), 0) == 0


def test_unknown_functions_of_two_names_differ():
    assert (UNKNOWN["sine"](X, 0) != UNKNOWN["erf"](X, 0)).all()


@pytest.mark.parametrize(("direction", "truth"), [("GT", 0), ("GE", 1), ("LT", 0), ("LE", 1), ("EQ", 1), ("NE", 0)])
def test_a_value_compared_with_itself_is_certain(direction, truth):
    assert (compare(direction, X, X, 0) == truth).all()


def test_less_and_greater_exclude_each_other():
    assert ((compare("LT", X, Y, 0) + compare("GT", X, Y, 0)) % P == 1).all()


def test_a_sixth_times_six_is_one():
    sixth = field.embed(np.array(1 / 6, "float32"), as_ratios=True)
    assert RATIONAL["multiply"](sixth, np.array(6)) == 1


def test_constants_that_differ_in_the_last_bit_are_two_elements():
    one = np.float32(0.1)
    pair = np.array([one, np.nextafter(one, np.float32(1))])
    for as_ratios in (True, False):
        assert len(set(field.embed(pair, as_ratios=as_ratios).tolist())) == 2


def test_large_constants_are_read_bit_by_bit_to_the_same_elements():
    values = np.random.default_rng(2).normal(size=100)
    whole = field.embed(values, as_ratios=False)
    assert (whole[:10] == field.embed(values[:10], as_ratios=False)).all()
