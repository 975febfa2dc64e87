"""Many tests, and tests taken more than once, at one error rate.

Holm (1979), Scand. J. Stat. 6, 65-70: no true hypothesis of a family is rejected with probability above the level,
whatever depends on what.

Looks: seeds are added until a cell is decided, so a hypothesis is tested at several looks.  Each look spends the share
of the level that its new seeds are of all (Lan and DeMets (1983), Biometrika 70, 659-663, with the power family of Kim
and DeMets (1987), Biometrika 74, 149-154, at exponent 1; the union bound stands for the joint law of the looks, which
t tests of few seeds don't have in closed form).  The least of p / share over the looks taken is then a p value whenever
one stops: a sequential p value (Liu and Anderson (2008), J. Am. Stat. Assoc. 103, 1621-1630), and Holm takes it as any
other (Maurer and Bretz (2013), Stat. Biopharm. Res. 5, 311-320).
"""

from collections.abc import Iterable, Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p values of one family of hypotheses, adjusted so that each may be compared with the level itself."""
    count, adjusted = len(p_values), [1.0] * len(p_values)
    reached = 0.0
    for rank, at in enumerate(np.argsort(p_values, kind="stable")):
        reached = min(1.0, max(reached, (count - rank) * p_values[at]))
        adjusted[at] = reached
    return tuple(adjusted)


def shares(looks: Sequence[int]) -> tuple[float, ...]:
    """What each look spends of the level, given the number of seeds at each; together 1."""
    return tuple((now - before) / looks[-1] for before, now in zip((0, *looks), looks, strict=False))


def over_looks(tests: Iterable[tuple[float, float]]) -> float:
    """The sequential p value of one hypothesis, from (p, share) of each look taken; 1 if there was none."""
    return min((1.0, *(p / share for p, share in tests)))
