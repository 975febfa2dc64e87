import pytest

from pipeline.analysis.wording import count, listed, number, signed


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (0.93041, "0.93"),
        (-0.05, "−0.05"),
        (0.000012345, "1.23e−5"),
        (12345.6, "12346"),
        (2e9, "2e9"),
        (float("nan"), "not a number"),
        (float("-inf"), "−∞"),
    ],
)
def test_numbers_have_three_digits_and_turn_scientific_where_tiny_or_huge(value, said):
    assert number(value) == said


def test_a_positive_difference_shows_its_sign():
    assert (signed(0.5), signed(-0.5), signed(0.0)) == ("+0.5", "−0.5", "0")


def test_one_is_singular():
    assert (count(1, "seed"), count(2, "seed")) == ("1 seed", "2 seeds")


def test_lists_end_with_and():
    assert (listed([]), listed([1]), listed([1, 2, 3])) == ("", "1", "1, 2 and 3")
