"""How lines of values between delimiters are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

BLOCK = 1 << 22  # bytes parsed at once; a longer row is refused unless two blocks happen to hold it

# Floats; whole numbers; yes or no (1 or 0); text; text of exactly eight bytes; times (seconds since 1970).
Kind = Literal["number", "integer", "truth", "text", "text8", "time"]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`kinds` has the file's columns in the file's order.

    A value that stands in `missing` is missing, which a column of `required` refuses.  Blank lines are no rows.
    """

    kinds: Mapping[str, Kind]
    delimiter: str = ","  # one character, or the same one twice
    quoted: bool = True  # "a,b" is one value, which may hold line ends
    skip: int = 0  # lines before the first row, a header among them
    missing: tuple[str, ...] = ("",)
    required: tuple[str, ...] = ()
    true: tuple[str, ...] = ("1",)
    false: tuple[str, ...] = ("0",)
    encoding: str = "utf-8"
    time_format: str = "%Y-%m-%d %H:%M:%S"
