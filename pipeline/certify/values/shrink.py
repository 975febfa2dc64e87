"""A smaller batch on which two arms still disagree: first fewer rows, then more elements at their plainest value."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Fails = Callable[[Sequence[Array]], bool]


def shrink(arrays: Sequence[Array], plain: Sequence[float], fails: Fails, tries: int = 80) -> tuple[list[Array], bool]:
    """The smallest failing batch found within `tries` evaluations, and whether the search came to its end.

    arrays: (B, ...) each; plain: the plainest value of each input.  `fails` must hold for `arrays`.
    """
    current, left = list(arrays), tries
    changed = True
    while changed:
        changed = False
        for smaller in _simpler(current, plain):
            if left == 0:
                return current, False
            left -= 1
            if fails(smaller):
                current, changed = smaller, True
                break
    return current, True


def _simpler(arrays: list[Array], plain: Sequence[float]) -> Iterator[list[Array]]:
    """Candidates, boldest first: single rows, half the rows, then blocks of elements made plain."""
    rows = len(arrays[0])
    if rows > 1:
        yield from ([array[row : row + 1] for array in arrays] for row in range(rows))
        yield [array[: rows // 2] for array in arrays]
    for index, array in enumerate(arrays):
        yield from ([*arrays[:index], smaller, *arrays[index + 1 :]] for smaller in _plainer(array, plain[index]))


def _plainer(array: Array, plain: float) -> Iterator[Array]:
    other = np.flatnonzero(array.ravel() != np.asarray(plain, array.dtype))
    size = len(other)
    while size >= 1:
        for start in range(0, len(other), size):
            copy = array.copy()
            copy.reshape(-1)[other[start : start + size]] = plain
            yield copy
        size //= 2
