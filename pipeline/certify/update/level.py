"""The checks of level update: the type of each gradient, then one check per optimizer."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from pipeline.certify.findings import Check, guarded, run_checks
from pipeline.certify.pair import Options, Pair
from pipeline.certify.subject import trainable_roles
from pipeline.certify.update.compare import Apart, compare
from pipeline.certify.update.counterpart import against_counterpart
from pipeline.certify.update.optimizers import CLIPPED, COUNTERPARTS
from pipeline.certify.update.steps import Gradients, batches, gradient_function, gradient_types, train
from pipeline.certify.update.wide import Wide
from pipeline.certify.values.errors import tolerance
from pipeline.certify.values.randomness import randomness
from pipeline.certify.weights import draw, preserved
from pipeline.frontend import IS_KERAS_3
from pipeline.records import Finding, FindingOutcome

# Rounding grows over the steps: this many tolerances, of the size of the update.
TOLERANCES_OF_UPDATE = 100.0
REPEATED_IDS = (
    "One arm's gradient is a list of slices, one per id met, the other's is dense. Keras 3 does not sum the slices of "
    "a repeated id before an optimizer that is not linear in the gradient: a batch that repeats an id trains the arms "
    "differently"
)
RESTING = (
    "One arm's gradient is a list of slices, the other's is dense: lazy_adam lets the rows rest that have no slice, "
    "and a dense gradient moves them all"
)
SPLIT = "Clipping takes each weight's norm by itself, so it depends on whether a weight is split"
ROUNDING = "Rounding, which these steps multiply: in float64 they move both arms alike"
CLIPPING = "Clipping acts on slices before those of a repeated id are summed, so it depends on the gradient's type"


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of level update.  Both arms keep the weights they came with."""
    return guarded("update", _check(pair, options))


def _check(pair: Pair, options: Options) -> Iterator[Finding]:
    refusal = _nothing_to_train(pair)
    if refusal is not None:
        yield refusal
        return
    repeating = [mode for mode in pair.modes if randomness(pair, mode) == "none"]
    if not repeating:
        yield Finding("update", "mode", "note", "not trained: the arms' draws can't be paired in a trace")
        return
    training = repeating[-1]
    if training != pair.modes[-1]:
        yield Finding("update", "mode", "note", "trained in inference mode: the arms' draws can't be paired in a trace")
    with preserved(pair.baseline.model, pair.candidate.model):
        draw(pair, "ordinary", np.random.default_rng([pair.seed, 23]))
        functions = [gradient_function(subject, training) for subject in pair.subjects]
        data = batches(pair, options.updates)
        kinds = [
            gradient_types(subject, function, data[0])
            for subject, function in zip(pair.subjects, functions, strict=True)
        ]
        other = {role: (kind, kinds[1][role]) for role, kind in kinds[0].items() if kind != kinds[1][role]}
        yield _types_finding(kinds[0], other)
        sparse, wide = any("IndexedSlices" in types for types in other.values()), Wide(pair, training)
        checks: dict[str, Check] = {
            name: partial(_optimizer, pair, options, functions, name, sparse, wide)
            for name in (*options.optimizers, CLIPPED)
        }
        yield from run_checks("update", checks, options.remaining)


def _nothing_to_train(pair: Pair) -> Finding | None:
    roles = [trainable_roles(subject) for subject in pair.subjects]
    if roles[0] != roles[1]:
        only = sorted(set(roles[0]) ^ set(roles[1]))
        return Finding("update", "weights", "different", f"trained in one arm only: {', '.join(only)}")
    if not roles[0]:
        return Finding("update", "weights", "note", "neither arm has a trainable weight, so there is nothing to train")
    return None


def _types_finding(kinds: Mapping[str, str], other: Mapping[str, tuple[str, str]]) -> Finding:
    if not other:
        return Finding("update", "gradient types", "same", "gradients have the same types", details=dict(kinds))
    text = "; ".join(f"{role}: {first} against {second}" for role, (first, second) in other.items())
    return Finding("update", "gradient types", "note", f"gradients have different types: {text}")


def _optimizer(
    pair: Pair, options: Options, functions: list[Gradients], name: str, sparse_in_one: bool, wide: Wide
) -> Iterator[Finding]:
    data = batches(pair, options.updates)
    trained = [train(subject, function, name, data) for subject, function in zip(pair.subjects, functions, strict=True)]
    apart, limit = compare(*trained), min(TOLERANCES_OF_UPDATE * tolerance(pair), 0.2)
    details: dict[str, str | float | int | bool] = {
        "relative_to_update": float(apart.relative),
        "largest_update": apart.largest_update,
        "tolerance": limit,
        "role": apart.role,
        "elements_not_judged": apart.noisy,
        "slots": apart.slots.reason or apart.slots.relative,
    }
    if apart.relative <= limit and apart.slots.relative <= limit:
        sentence = f"{options.updates} steps of {name} on batches with repeated ids move both arms alike"
        sentence += f"; slots {apart.slots.reason}" if apart.slots.reason else ", slots included"
        yield Finding("update", name, "same", sentence, proves="the same training on these batches", details=details)
    else:
        sentence = _difference(apart, limit, name, options.updates)
        rounding = not sparse_in_one and wide.is_rounding(apart, name, functions, data)
        yield Finding("update", name, *_meaning(pair, name, sentence, sparse_in_one, rounding), details=details)
    if name in COUNTERPARTS:
        stock = train(pair.baseline, functions[0], COUNTERPARTS[name], data, dense=True)
        yield against_counterpart(name, COUNTERPARTS[name], trained[0], stock, limit)


def _meaning(pair: Pair, name: str, sentence: str, sparse_in_one: bool, rounding: bool) -> tuple[FindingOutcome, str]:
    """What a difference counts for, and the sentence with its reason."""
    if rounding:
        return "note", f"{sentence}. {ROUNDING}"
    clipped = name == CLIPPED and (sparse_in_one or pair.split)
    reasons = [_reason(name)] * sparse_in_one + [SPLIT] * (pair.split and name == CLIPPED)
    return "note" if clipped else "different", ". ".join([sentence, *reasons])


def _reason(name: str) -> str:
    """Why arms train differently where the gradient of one alone is sparse."""
    if name in (CLIPPED, "lazy_adam"):
        return CLIPPING if name == CLIPPED else RESTING
    return REPEATED_IDS if IS_KERAS_3 else "The gradient types differ"


def _difference(apart: Apart, limit: float, name: str, steps: int) -> str:
    where = f"after {steps} steps of {name} on batches with repeated ids"
    if apart.relative > limit:
        return (
            f"{where}, {apart.role} differs by {apart.difference:.2g} where the largest update is "
            f"{apart.largest_update:.2g}"
        )
    return f"{where}, the optimizer's slots differ by {apart.slots.relative:.2g} of their scale"
