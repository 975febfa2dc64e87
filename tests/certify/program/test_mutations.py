import random

import pytest

from benchmarks.mutation_arms import ARMS
from benchmarks.mutations import judge, origin
from benchmarks.mutators import mutate
from pipeline.certify.program import elementwise, forward

NAMES = ("two tables class", "batch norm class", "cross class")


def outcomes(count, seed=0):
    rng = random.Random(seed)
    origins = [origin(name, ARMS[name](), forward) for name in NAMES]
    return [judge(one, mutate(one.program.module, rng)[0])[0] for one in origins for _ in range(count)]


def test_no_mutant_that_computes_something_else_keeps_its_fingerprint():
    found = outcomes(30)
    assert "FALSE PROOF" not in found
    assert {"other fingerprint", "same fingerprint, same values"} <= set(found)


def test_a_rewrite_that_is_wrong_is_caught(monkeypatch):
    monkeypatch.setattr(elementwise, "_COMMUTATIVE", elementwise._COMMUTATIVE | {"subtract"})
    assert "FALSE PROOF" in outcomes(80)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_mutation_changes_the_copy_and_not_the_program(seed):
    program = forward(ARMS["cross class"](), 3, False)
    before = program.module.SerializeToString()
    changed, _ = mutate(program.module, random.Random(seed))
    assert program.module.SerializeToString() == before != changed.SerializeToString()
