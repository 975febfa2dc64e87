"""Every family passes the comparison of its two styles, here under this process's frontend."""

import numpy as np
import pytest
from small_arms import SHAPES, draw, spec

from pipeline.certify.comparison import compare
from pipeline.layers import registry
from pipeline.records import InputSpec

LEVELS = ("interface", "program", "values", "update")  # without those that take seconds
CHANGES = [
    ("bag", {"combiner": "sum"}),
    ("bag", {"combiner": "sqrtn"}),
    ("quotient_remainder", {"operation": "add"}),
    ("positional", {"positions": "sinusoidal"}),
]


def certificate(name, **changes):
    family = registry.load(name)
    arms = [lambda style=style: family.arms[style](spec(name, **changes)) for style in ("class", "functional")]
    accepts = registry.FAMILIES[name].accepts
    dtype = str(draw(name).dtype)
    low, high = (0, 6) if np.dtype(dtype).kind == "i" else (-3, 3)
    inputs = [InputSpec(SHAPES[accepts], dtype, low, high)]
    return compare(*arms, inputs, levels=LEVELS, batches=(3,), optimizers=("adam",))


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_class_and_functional_are_certified_the_same(name):
    found = certificate(name)
    assert found.verdict in ("proven", "identical", "equivalent"), found.sentence


@pytest.mark.parametrize(("name", "changes"), CHANGES)
def test_every_choice_of_words_is_certified_the_same(name, changes):
    found = certificate(name, **changes)
    assert found.verdict in ("proven", "identical", "equivalent"), found.sentence
