"""Which weights of one arm are, one below the other, one weight of the other arm.

Shapes say which may be, names and tracking propose in which order; an order holds only if both arms, with the whole
drawn anew and its rows given to the parts, answer alike: outputs, gradients and state.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product

from pipeline.certify.interface.behaviour import ORDERS_TRIED, Group, Matched, Probe, keeps_equal
from pipeline.certify.interface.listing import Listed
from pipeline.layers.family import Stack

PERMUTED = 4  # parts of which every order is tried


@dataclass(frozen=True)
class Split:
    """`whole` of one arm and the `parts` of the other, whose index is `arm`: 0 baseline, 1 candidate."""

    whole: Listed
    parts: tuple[Listed, ...]
    arm: int


def found(
    probe: Probe, known: Sequence[Matched], groups: Sequence[Group], baseline: list[Listed], candidate: list[Listed]
) -> list[Split]:
    """The splits that hold, parts in order; none if not all of them do.  `groups` are what else is not paired yet."""
    splits = list(_possible(baseline, candidate))
    if not splits:
        return []
    for orders in islice(product(*map(_orders, splits)), ORDERS_TRIED):
        proposed = [Split(split.whole, order, split.arm) for split, order in zip(splits, orders, strict=True)]
        if keeps_equal(probe, [*known, *map(matched, proposed)], groups):
            return proposed
    return []


def matched(split: Split) -> Matched:
    """The pair, with the parts listed as one."""
    one = stacked(split.parts)
    return (one, split.whole) if split.arm == 0 else (split.whole, one)


def stacked(parts: Sequence[Listed]) -> Listed:
    """The parts as one variable."""
    stack = Stack(tuple(part.variable for part in parts))
    starts = {part.initial for part in parts}
    start = starts.pop() if len(starts) == 1 else "random"
    return Listed(stack, stack.name, stack.shape, parts[0].dtype, parts[0].trainable, start, frozenset())


def _possible(baseline: list[Listed], candidate: list[Listed]) -> Iterator[Split]:
    """Trained weights alone of their kind in one arm, with as many rows as their kind has in the other together."""
    kinds: dict[Hashable, tuple[list[Listed], list[Listed]]] = defaultdict(lambda: ([], []))
    for arm, left in enumerate((baseline, candidate)):
        for each in left:
            if each.trainable and each.shape:
                kinds[each.shape[1:], each.dtype][arm].append(each)
    for sides in kinds.values():
        for arm in (0, 1):
            parts, others = sides[arm], sides[1 - arm]
            if len(parts) > 1 == len(others) and sum(part.shape[0] for part in parts) == others[0].shape[0]:
                yield Split(others[0], tuple(parts), arm)


def _orders(split: Split) -> Iterator[tuple[Listed, ...]]:
    """By the numbers in their names, as tracked, and, of few, every other one."""
    every = permutations(split.parts) if len(split.parts) <= PERMUTED else ()
    yield from dict.fromkeys((tuple(sorted(split.parts, key=_natural)), split.parts, *every))


def _natural(each: Listed) -> list[tuple[int, str]]:
    return [(int(piece or -1), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"(\d+)", each.path)]
