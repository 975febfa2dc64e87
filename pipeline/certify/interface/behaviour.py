"""Weights that look alike, told apart by what they do.

All weights of an unsettled group get one value in both arms; then one at a time is moved the same way.  A candidate
weight plays the role of the baseline weight whose move changes outputs, gradients and state alike.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.certify.builders import passes_positionally, takes_training
from pipeline.certify.evaluation import Evaluation, evaluator
from pipeline.certify.interface.listing import Listed
from pipeline.certify.subject import Subject
from pipeline.certify.values.inputs import random_batch
from pipeline.certify.weights import preserved
from pipeline.frontend import tensor_variable
from pipeline.records import Finding, InputSpec

Array = npt.NDArray[Any]
Matched = tuple[Listed, Listed]
Group = tuple[list[Listed], list[Listed]]
ALIKE = 1e-4  # relative to the scale of the answer; rounding is far below, another role far above
DIFFERENT = 1e-2
ORDERS_TRIED = 24
ROWS = 8


class Probe:
    """Runs both arms eagerly on one batch, in train and inference mode."""

    def __init__(self, baseline: Any, candidate: Any, inputs: tuple[InputSpec, ...], seed: int) -> None:
        self.models, self.inputs, self.seed = (baseline, candidate), inputs, seed
        self._batch = random_batch(inputs, np.random.default_rng([seed, 11]), ROWS)

    def run(self, arm: int, pairs: Sequence[Matched]) -> list[Array]:
        """What the arm gives now: outputs, losses, gradients and state of the pairs, in both modes."""
        roles = tuple(f"{index}" for index in range(len(pairs)))
        model, variables = self.models[arm], tuple(pair[arm].variable for pair in pairs)
        flag, apart = takes_training(model), passes_positionally(model, len(self.inputs))
        subject = Subject(("baseline", "candidate")[arm], model, self.inputs, roles, variables, flag, apart)
        runs = [evaluator(subject, mode, "eager")(self._batch.arrays) for mode in (False, True)]
        return [array for run in runs for array in _arrays(run)]

    def value(self, like: Listed, salt: int) -> Array:
        """A drawn value for a weight: positive where it may be a variance, small whole numbers for seeds."""
        rng = np.random.default_rng([self.seed, 13, salt])
        if not like.dtype.startswith(("float", "bfloat")):
            return rng.integers(1, 1000, like.shape)
        return rng.normal(0.0, 0.5, like.shape) if like.trainable else rng.uniform(0.5, 1.5, like.shape)


def _arrays(run: Evaluation) -> Iterator[Array]:
    for group in (run.outputs, run.losses, run.input_gradients, run.weight_gradients, run.state):
        yield from (np.asarray(array).astype(np.float64) for array in group)


def settle(probe: Probe, known: Sequence[Matched], groups: Sequence[Group]) -> tuple[list[Matched], list[Finding]]:
    """Pairs the members of each group (equally many on both sides); what can't be settled becomes a finding."""
    with preserved(*probe.models):
        for first, second in known:
            _assign(second, tensor_variable(first.variable).numpy())
        for salt, group in enumerate(groups):
            _level(probe, group, salt)
        bases = [probe.run(arm, known) for arm in (0, 1)]
        apart = _distance(bases[0], bases[1])
        if apart > DIFFERENT:
            return [], [_no_pairing(groups, apart)]
        settled: list[Matched] = []
        findings: list[Finding] = []
        for salt, group in enumerate(groups):
            pairs = _settle_group(probe, known, group, salt, bases)
            settled += pairs or []
            findings += [] if pairs else [_undecided(group)]
        return settled, findings


def keeps_equal(probe: Probe, pairs: Sequence[Matched], groups: Sequence[Group]) -> bool:
    """Whether the arms answer alike with a drawn value for each pair, and one for all members of each group."""
    with preserved(*probe.models):
        for salt, group in enumerate(groups):
            _level(probe, group, salt)
        for salt, pair in enumerate(pairs):
            for each in pair:
                _assign(each, probe.value(each, salt + 3000))
        return _distance(probe.run(0, pairs), probe.run(1, pairs)) <= ALIKE


def _level(probe: Probe, group: Group, salt: int) -> None:
    value = probe.value(group[0][0], salt)
    for each in (*group[0], *group[1]):
        _assign(each, value)


def _assign(each: Listed, value: Array) -> None:
    variable = tensor_variable(each.variable)
    variable.assign(np.asarray(value).astype(variable.dtype.as_numpy_dtype))


def _settle_group(
    probe: Probe, known: Sequence[Matched], group: Group, salt: int, bases: Sequence[list[Array]]
) -> list[Matched] | None:
    moved = probe.value(group[0][0], salt + 1000)
    rest = probe.value(group[0][0], salt)
    answers: list[list[list[Array]]] = [[], []]
    for arm in (0, 1):
        for each in group[arm]:
            _assign(each, moved)
            answers[arm].append([new - old for new, old in zip(probe.run(arm, known), bases[arm], strict=True)])
            _assign(each, rest)
    scale = bases[0]
    fits = [[_distance(a, b, scale) <= ALIKE for b in answers[1]] for a in answers[0]]
    chosen = _verified_order(probe, known, group, salt, fits)
    _level(probe, group, salt)
    return chosen


def _verified_order(
    probe: Probe, known: Sequence[Matched], group: Group, salt: int, fits: list[list[bool]]
) -> list[Matched] | None:
    """The first pairing that the answers allow and that keeps the arms equal with a value of its own for each role."""
    allowed = (
        order
        for order in islice(permutations(range(len(group[1]))), 50_000)
        if all(fits[row][column] for row, column in enumerate(order))
    )
    for order in islice(allowed, ORDERS_TRIED):
        pairs = [(first, group[1][column]) for first, column in zip(group[0], order, strict=True)]
        for index, pair in enumerate(pairs):
            for each in pair:
                _assign(each, probe.value(each, salt + 2000 + index))
        if _distance(probe.run(0, known), probe.run(1, known)) <= ALIKE:
            return pairs
    return None


def _distance(a: Sequence[Array], b: Sequence[Array], scale: Sequence[Array] | None = None) -> float:
    """The largest scale-relative distance; inf where shapes or the finite elements differ."""
    worst = 0.0
    for index, (x, y) in enumerate(zip(a, b, strict=True)):
        if x.shape != y.shape or not np.array_equal(np.isfinite(x), np.isfinite(y)):
            return np.inf
        finite = np.isfinite(x)
        extent = [np.abs(each[finite]).max(initial=0.0) for each in (x, y, *([scale[index]] if scale else []))]
        worst = max(worst, float(np.abs(x - y)[finite].max(initial=0.0)) / max(*extent, 1e-12))
    return worst


def _no_pairing(groups: Sequence[Group], apart: float) -> Finding:
    names = "; ".join(", ".join(each.path for each in group[0]) for group in groups)
    sentence = (
        f"with equal values in all alike weights ({names}) the arms still differ by {apart:.2g} of their scale, so no "
        "pairing of these weights makes them the same"
    )
    return Finding("values", "weights", "different", sentence)


def _undecided(group: Group) -> Finding:
    shown = [", ".join(each.path for each in side) for side in group]
    sentence = (
        f"neither names nor behaviour tell which is which: baseline {shown[0]}; candidate {shown[1]}. "
        "Give a weights map from baseline paths to candidate paths"
    )
    return Finding("interface", "weights", "inconclusive", sentence)
