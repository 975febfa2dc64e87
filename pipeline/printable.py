"""Text from user code, fit to be shown: names, messages and paths may hold what a terminal would obey."""

import re
from collections.abc import Sequence

LEAST_RANGE = 3  # numbers in a row after the first that are told by their ends

# What starts with ESC or its one-byte form, other control characters, marks that reverse the order of a line,
# and halves of characters, which can't be written at all.
_OBEYED = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without terminal escapes and control characters; line ends and tabs stay."""
    if text.isprintable():
        return text
    while (shorter := _OBEYED.sub("", text)) != text:  # what is left may stand together as another
        text = shorter
    return text


def ranges(numbers: Sequence[int]) -> str:
    """`0, 1, 5 to 12`: thousands of seeds take one line."""
    parts, at = [], 0
    while at < len(numbers):
        end = at
        while end + 1 < len(numbers) and numbers[end + 1] == numbers[end] + 1:
            end += 1
        short = end - at < LEAST_RANGE
        parts += [str(number) for number in numbers[at : end + 1]] if short else [f"{numbers[at]} to {numbers[end]}"]
        at = end + 1
    return ", ".join(parts)
