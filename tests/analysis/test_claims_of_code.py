import msgspec
from made_runs import CELL, made_evidence, made_run

from pipeline.analysis import analyse, answer_claims
from pipeline.records import Cell, Strategy

STATEFUL = Cell("stateful", "class", "functional", "ucr", Strategy("one_device"))


def counted(cell):
    found = made_evidence(0, 0.0, cell=cell)
    first, second = found.arms
    first = msgspec.structs.replace(first, functions=6, complexity=8, overridden=("Mine.build", "Mine.call"))
    second = msgspec.structs.replace(second, functions=1, complexity=1)
    return msgspec.structs.replace(found, arms=(first, second))


def claim(name, *evidence):
    run = made_run(evidence)
    return next(each for each in answer_claims(run, analyse(run)) if each.id == name)


CLASS = "class 9 lines, complexity 8 in 6 functions, 2 methods overridden"
FUNCTIONAL = "functional 7 lines, complexity 1 in 1 function, 0 methods overridden"


def test_the_stateful_claim_shows_the_code_of_both_arms():
    found = claim("C5", counted(STATEFUL))
    assert f"The code of both, without a verdict: {CLASS} – {FUNCTIONAL}." in found.answer
    assert (found.status, found.cells) == ("measured", (STATEFUL.label,))


def test_the_claim_of_conciseness_lists_the_code_of_every_family():
    found = claim("C7", counted(CELL), counted(STATEFUL))
    assert f"projection: {CLASS} – {FUNCTIONAL}; stateful: {CLASS} – {FUNCTIONAL}." in found.answer
    assert found.status == "measured"


def test_evidence_that_did_not_count_functions_answers_only_partly():
    found = claim("C7", made_evidence(0, 0.0))
    assert "projection: class 9 lines – functional 7 lines." in found.answer
    assert (found.status, found.missing.split(":")[0]) == ("partly", "complexity and overridden methods")
