from certificates import certificate, counterexample, finding, proof

from pipeline.records import InputSpec
from pipeline.report.certificate_text import inputs_text, lines, sections


def titles(made) -> list[str]:
    return [section.title for section in sections(made)]


def test_the_verdicts_sentence_comes_first():
    shown = list(lines(certificate("different", finding("different"))))
    assert shown[:2] == [
        "It is different.",
        "different, first level values: mine.py:one against mine.py:other on int32[3]{0..9}, 1.2 s",
    ]


def test_a_difference_shows_the_failing_input_and_both_outputs():
    shown = list(lines(certificate("different", finding("different", found=counterexample()))))
    at = shown.index("Counterexample, smallest failing input found, inference, batch 1 (type, values):")
    assert [line.strip() for line in shown[at + 1 : at + 7]] == [
        "input  float32[1, 1]",
        "[[1.]]",
        "baseline  float32[1, 1]",
        "[[1.]]",
        "candidate  float32[1, 1]",
        "[[-1.]]",
    ]


def test_a_loud_row_stands_beside_the_verdict_before_anything_else():
    loud = finding("loud", check="clone", sentence="clone: the candidate raises TypeError")
    assert titles(certificate("proven", loud, proved=proof()))[0] == "Beside the verdict"


def test_the_name_of_a_check_is_not_said_twice():
    assert "  same  values  clone  both work  0.00 s" in lines(
        certificate("proven", finding(check="clone", sentence="clone: both work"))
    )


def test_a_fingerprint_is_printed_short_with_its_rule():
    shown = list(lines(certificate("proven", proved=proof())))
    assert "  equal  vjp, batch 1  /Z  0123456789ab  0123456789ab" in shown


def test_a_fingerprint_that_proves_nothing_says_why():
    shown = list(lines(certificate("equivalent", proved=proof(None, ("rng",)))))
    assert "  equal  vjp, batch 1  /Z  0123456789ab  0123456789ab  rng" in shown


def test_a_check_says_what_it_proves_and_under_which_preconditions():
    made = certificate("proven", finding(proves="no counterexample", preconditions=("equal weights", "float32")))
    assert any(
        "outputs agree; proves no counterexample (given: equal weights; float32)" in line for line in lines(made)
    )


def test_an_untracked_weight_is_called_so():
    assert "  kernel  [3, 2]  one/kernel  not tracked" in lines(certificate("different"))


def test_what_was_left_out_is_said():
    assert "  update: not asked for" in lines(certificate("proven"))


def test_a_section_without_rows_is_left_away():
    assert titles(certificate("proven", weight_map=(), left_out=())) == ["Made with"]


def test_inputs_are_written_as_the_command_line_takes_them():
    assert inputs_text((InputSpec((2, 3)), InputSpec((), "int64", 0, 10**9))) == (
        "float32[2,3]{-3..3}; int64[]{0..1000000000}"
    )


def test_escapes_in_an_arms_message_reach_no_line():
    made = certificate("different", finding("different", sentence="\x1b[2Jgone", found=counterexample("\x1b[31m1")))
    assert not any("\x1b" in line for line in lines(made))
