import io

from certificates import certificate, counterexample, finding, proof
from rich.console import Console

from pipeline.report.certificate_terminal import renderable


def printed(made, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=True, no_color=True).print(renderable(made))
    return out.getvalue()


def test_every_section_is_a_table_under_its_title():
    shown = printed(certificate("different", finding("different", found=counterexample()), proved=proof(False)))
    for title in ("Counterexample", "Proof", "Fingerprints", "Checks", "Weight map", "Left out", "Made with"):
        assert title in shown


def test_text_of_user_code_is_not_read_as_markup():
    shown = printed(certificate("different", finding("different", sentence="[bold]shape [/] is [3]")))
    assert "[bold]shape [/] is [3]" in shown


def test_a_narrow_terminal_loses_no_words():
    sentence = " ".join(f"word{at}" for at in range(30))
    shown = printed(certificate("different", finding("different", sentence=sentence)), width=60)
    assert all(f"word{at}" in shown for at in range(30))


def test_a_terminal_is_told_nothing_by_user_code():
    shown = printed(certificate("different", finding("different", sentence="\x1b[2J\x1b]0;owned\x07x")))
    assert "\x1b[2J" not in shown
    assert "owned" not in shown


def test_a_column_that_says_nothing_takes_no_room():
    because = "proves nothing"
    assert because not in printed(certificate("proven", proved=proof()))
    assert because in printed(certificate("equivalent", proved=proof(None, ("rng",))))
