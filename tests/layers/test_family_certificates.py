"""Every family passes the comparison of its two styles, here under this process's frontend."""

import pytest
from small_arms import SHAPES, spec

from pipeline.certify.comparison import compare
from pipeline.layers import registry
from pipeline.records import InputSpec

LEVELS = ("interface", "program", "values", "update")  # without those that take seconds
RANGES = {"ids": ("int32", 0, 6), "columns": ("int32", 0, 6), "weights": ("float32", 0, 2)}
CHANGES = [
    ("bag", {"weighted": False, "kind": "ids"}),
    ("bag", {"combiner": "sum"}),
    ("bag", {"combiner": "sqrtn"}),
    ("quotient_remainder", {"operation": "add"}),
    ("piecewise_linear", {"width": 0}),
    ("positional", {"positions": "sinusoidal"}),
]


def certificate(name, kind=None, styles=("class", "functional"), **changes):
    family = registry.load(name)
    arms = [lambda style=style: family.arms[style](spec(name, **changes)) for style in styles]
    parts = SHAPES[kind or registry.FAMILIES[name].accepts[0]]
    inputs = [InputSpec(shape, *RANGES.get(part, ("float32", -3, 3))) for part, shape in parts.items()]
    return compare(*arms, inputs, levels=LEVELS, batches=(3,), optimizers=("adam",))


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_class_and_functional_are_certified_the_same(name):
    found = certificate(name)
    assert found.verdict in ("proven", "identical", "equivalent"), found.sentence


@pytest.mark.parametrize(("name", "changes"), CHANGES)
def test_every_choice_of_words_is_certified_the_same(name, changes):
    found = certificate(name, **changes)
    assert found.verdict in ("proven", "identical", "equivalent"), found.sentence


@pytest.mark.parametrize("style", ["class", "functional"])
def test_fused_and_separate_tables_are_certified_the_same_without_a_proof(style):
    found = certificate("multi_table", styles=(style, "separate"))
    assert found.verdict == "identical", found.sentence
    assert found.weight_map[0].candidate.count("table_") == 3
