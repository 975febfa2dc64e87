import pytest

from pipeline.printable import clean


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mred\x1b[0m",
        "\x9b31mred",
        "\x1b]0;title\x07red",
        "\x1b]8;;http://x\x1b\\red\x1b]8;;\x1b\\",
        "\x1bcred",
        "\x1b(Bred",
        "\x1bPq\x1b\\red",
        "\rr\x08e\x00d\x7f",
        "\u202ered\u2066",
    ],
)
def test_terminal_escapes_are_taken_out(text):
    assert clean(text) == "red"


def test_text_of_other_scripts_and_line_ends_stay():
    assert clean("größe 尺寸 ∎\n\tx") == "größe 尺寸 ∎\n\tx"
