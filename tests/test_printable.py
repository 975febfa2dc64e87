import pytest

from pipeline.printable import clean, ranges


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


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([7], "7"), ([0, 1, 2], "0, 1, 2"), ([0, 1, 2, 3], "0 to 3"), ([3, 5, 6, 7, 8, 1], "3, 5 to 8, 1")],
)
def test_many_numbers_in_a_row_are_told_by_their_ends(numbers, told):
    assert ranges(numbers) == told
