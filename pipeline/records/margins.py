"""The largest difference that does not matter, fixed in a config before the run."""

import math
import re

from pipeline.records.base import Record

_NUMBER = re.compile(r"\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(sd)?\s*", re.IGNORECASE)


class Margin(Record, frozen=True):
    """`size` is in the metric's unit, or `of_sd` in standard deviations of the baseline arm over seeds."""

    size: float
    of_sd: bool = False


def read_margin(given: object) -> Margin:
    """The margin that a config writes as `0.01` or `0.5sd`.  Raises ValueError for anything else, and at 0.

    YAML calls some numbers text: `1e-3`.
    """
    found = None if isinstance(given, bool) else _NUMBER.fullmatch(str(given))
    if not found or not 0 < float(found[1]) < math.inf:
        raise ValueError(given)
    return Margin(float(found[1]), of_sd=found[2] is not None)
