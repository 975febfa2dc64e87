"""What a weight map says of the pair: its size, flags, dtypes, starts, and weights without a counterpart."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pipeline.certify.interface.behaviour import Matched
from pipeline.certify.interface.listing import Listed
from pipeline.records import Finding


def describe(
    pairs: Sequence[Matched],
    how: Mapping[str, str],
    baseline: Sequence[Listed],
    candidate: Sequence[Listed],
    undecided: bool,
) -> Iterator[Finding]:
    """`baseline` and `candidate` are what has no counterpart; `undecided` where the weights could not all be paired."""
    weights = [[each for each in side if not each.is_seed] for side in (baseline, candidate)]
    if any(weights) and not undecided:
        yield Finding("interface", "weights", "different", _unpaired(*weights))
    elif not undecided:
        sentence = f"{len(pairs)} variables pair up by role" if pairs else "neither arm has a variable"
        details = {first.path: f"{second.path} ({how[first.path]})" for first, second in pairs}
        yield Finding("interface", "weights", "same", sentence, proves="a bijection by role", details=details)
    if any(each.is_seed for each in (*baseline, *candidate)):
        counts = " against ".join(str(sum(each.is_seed for each in side)) for side in (baseline, candidate))
        sentence = f"seed generators without a counterpart: {counts}; level values tells whether draws differ"
        yield Finding("interface", "seed generators", "note", sentence)
    yield from _flags(pairs)
    yield from _starts(pairs)


def _unpaired(baseline: Sequence[Listed], candidate: Sequence[Listed]) -> str:
    def shown(side: Sequence[Listed]) -> str:
        return ", ".join(each.described for each in side) or "nothing"

    sizes = [sum(int(np.prod(each.shape, dtype=np.int64)) for each in side) for side in (baseline, candidate)]
    fused = baseline and candidate and sizes[0] == sizes[1]
    hint = ". They hold equally many numbers, so one arm may fuse or split what the other keeps apart" if fused else ""
    return f"weights without a counterpart: baseline has {shown(baseline)}; candidate has {shown(candidate)}{hint}"


def _flags(pairs: Sequence[Matched]) -> Iterator[Finding]:
    for first, second in pairs:
        if first.trainable != second.trainable:
            frozen = "candidate" if first.trainable else "baseline"
            sentence = f"{first.path} is trained in one arm and frozen in the {frozen}"
            yield Finding("interface", "trainable flags", "different", sentence)
        if first.dtype != second.dtype:
            sentence = f"{first.path} is stored as {first.dtype} in the baseline and {second.dtype} in the candidate"
            yield Finding("interface", "weight dtypes", "different", sentence)


def _starts(pairs: Sequence[Matched]) -> Iterator[Finding]:
    other = [(first, second) for first, second in pairs if first.initial != second.initial and not first.is_seed]
    others = [f"{first.path}: {first.initial} against {second.initial}" for first, second in other]
    if others:
        sentence = f"initial values differ in kind, so training from scratch starts elsewhere: {'; '.join(others)}"
        yield Finding("interface", "initial values", "note", sentence)
