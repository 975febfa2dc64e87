import pytest

from pipeline.certify.tpu.judge import Arm, judge
from pipeline.certify.tpu.modules import Module
from pipeline.certify.tpu.process import Compilation
from pipeline.certify.tpu.records import Answer

WORKS = Answer("x-0", True, 0.25, temp_bytes=4096, flops=1200.0)
UNNAMED = Module("module", unnamed="it draws random numbers")
DONE = Compilation({}, {})


def fails(why):
    return Answer("x-0", False, 0.25, why)


def found(first, second, done=DONE, modules=(UNNAMED, UNNAMED)):
    return judge(
        "forward", Arm("baseline", modules[0], first), Arm("candidate", modules[1], second), done, {"libtpu": "1"}
    )


def test_one_arm_that_does_not_compile_is_loud_with_the_compilers_reason():
    finding = found(WORKS, fails("RESOURCE_EXHAUSTED: 17.9G of 15.7G hbm"))
    assert finding.outcome == "loud"
    assert finding.sentence == (
        "the baseline compiles for a TPU, the candidate does not: RESOURCE_EXHAUSTED: 17.9G of 15.7G hbm"
    )


def test_arms_that_fail_alike_are_a_note_with_the_reason_once():
    finding = found(fails("no c128"), fails("no c128"))
    assert (finding.outcome, finding.sentence) == ("note", "neither arm compiles for a TPU: no c128")


def test_arms_that_fail_for_two_reasons_are_a_note_with_both():
    assert found(fails("no c128"), fails("too big")).sentence.endswith("baseline: no c128; candidate: too big")


def test_a_compiler_that_dies_is_an_error_that_keeps_its_last_words():
    finding = found(WORKS, None, Compilation({}, {}, "the compiler's process ended with code -6", "Check failed"))
    assert finding.outcome == "error"
    assert "code -6" in finding.sentence
    assert finding.traceback == "Check failed"


def test_a_compiler_that_runs_out_of_time_is_a_note():
    assert found(WORKS, None, Compilation({}, {}, "time was up after 3 s", late=True)).outcome == "note"


def test_an_arm_without_stablehlo_fails_though_the_compiler_never_saw_it():
    finding = found(WORKS, None, modules=(UNNAMED, Module(failed="no StableHLO: EagerPyFunc")))
    assert finding.outcome == "loud"
    assert finding.sentence.endswith("no StableHLO: EagerPyFunc")


def test_an_arm_that_was_not_traced_says_nothing_of_tpus():
    finding = found(WORKS, None, modules=(UNNAMED, Module(refused="it changes Python state")))
    assert (finding.outcome, finding.sentence) == ("note", "not compiled: candidate: it changes Python state")
    assert finding.proves == ""


def test_programs_whose_parameters_have_no_name_are_not_called_the_same():
    finding = found(WORKS, WORKS)
    assert finding.outcome == "note"
    assert "can't be compared: baseline: it draws random numbers" in finding.sentence


def test_costs_are_told_once_where_they_agree_and_apart_where_they_do_not():
    other = Answer("y-0", True, 0.5, temp_bytes=4096)
    finding = found(WORKS, other)
    assert "temporary memory 4,096 bytes, 1,200 against unknown FLOPs" in finding.sentence
    assert finding.details["baseline_flops"] == 1200.0
    assert "candidate_flops" not in finding.details
    assert finding.seconds == 0.75


@pytest.mark.parametrize("word", ["speed", "numbers", "several cores"])
def test_a_finding_says_what_it_does_not_prove(word):
    assert word in found(WORKS, WORKS).proves.partition("nothing of")[2]
