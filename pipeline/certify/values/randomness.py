"""Draws that are not governed by an arm's own seed state, and how two such arms are compared.

`none`: a call repeats once the state is put back.  `paired`: it repeats with the global seed, and both arms draw alike.
`unpaired`: the arms draw apart, so that only the distribution of what they give can be compared.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import tensorflow as tf

from pipeline.certify.evaluation import RAISED_BY_ARMS, Evaluate, Evaluation, evaluator
from pipeline.certify.pair import Pair, Randomness
from pipeline.certify.values.errors import gap, tolerance
from pipeline.certify.values.inputs import Batch, random_batch
from pipeline.records import Finding

DRAWS = 400
ROWS = 16
Z_LIMIT = 6.0


def randomness(pair: Pair, training: bool) -> Randomness:
    """How the arms draw in one mode.  Found once for a pair."""
    if training not in pair.draws:
        pair.draws[training] = _randomness(pair, training)
    return pair.draws[training]


def _randomness(pair: Pair, training: bool) -> Randomness:
    runs = [evaluator(subject, training, "eager") for subject in pair.subjects]
    batch = _batch(pair)
    try:
        if all(_equal(run(batch.arrays), run(batch.arrays), 0.0) for run in runs):
            return "none"
        first, second = (_seeded(pair, run, batch) for run in runs)
    except RAISED_BY_ARMS:
        return "none"  # an arm that raises draws nothing; the batches that follow tell what it raises
    return "paired" if _equal(first, second, tolerance(pair)) else "unpaired"


def _batch(pair: Pair) -> Batch:
    return random_batch(pair.inputs, np.random.default_rng([pair.seed, 7]), ROWS)


def _seeded(pair: Pair, run: Evaluate, batch: Batch) -> Evaluation:
    tf.random.set_seed(pair.seed)
    return run(batch.arrays)


def _equal(first: Evaluation, second: Evaluation, limit: float) -> bool:
    return gap(first.outputs, second.outputs).relative <= limit


def compare_draws(pair: Pair, kinds: Mapping[bool, Randomness]) -> Iterator[Finding]:
    """A finding for each mode in which draws matter: nothing to say for arms that draw from their own state."""
    for training, kind in kinds.items():
        if kind == "paired":
            mode = "train" if training else "inference"
            sentence = (
                f"the arms draw from TensorFlow's global generator in {mode} mode; seeded, they draw alike eagerly"
            )
            yield Finding("values", "randomness", "note", sentence)
        if kind == "unpaired":
            yield _compare_distributions(pair, training)


def _compare_distributions(pair: Pair, training: bool) -> Finding:
    """z-tests on each output element's mean, square and share of exact zeros, and on those of all together."""
    samples = [_moments(pair, index, training) for index in (0, 1)]
    (mean_a, spread_a), (mean_b, spread_b) = samples
    if mean_a.shape != mean_b.shape:
        return Finding("values", "randomness", "different", "the arms draw outputs of different shapes")
    error = np.sqrt((spread_a**2 + spread_b**2) / DRAWS)
    rounding = tolerance(pair) * np.abs(mean_a).max(initial=0.0) + 1e-9
    z = float((np.abs(mean_a - mean_b) / np.maximum(error, rounding)).max(initial=0.0))
    details = {"draws": DRAWS, "largest_z": z}
    if z > Z_LIMIT:
        sentence = f"what the arms draw differs in distribution: a moment is {z:.1f} standard errors apart"
        return Finding("values", "randomness", "different", sentence, details=details)
    sentence = (
        f"the arms draw different random numbers; over {DRAWS} draws their moments agree, which is no proof. Give both "
        "arms a keras SeedGenerator, so that equal seeds draw alike"
    )
    return Finding("values", "randomness", "inconclusive", sentence, details=details)


def _moments(pair: Pair, index: int, training: bool) -> tuple[np.ndarray, np.ndarray]:
    run = evaluator(pair.subjects[index], training, "graph", ROWS)
    batch = _batch(pair)
    rows = [np.concatenate([o.astype(np.float64).ravel() for o in run(batch.arrays).outputs]) for _ in range(DRAWS)]
    draws = np.stack(rows)
    kinds = [draws, draws**2, draws == 0]
    # Each draw's mean over all elements sees what no element shows alone, and minds no correlation between them.
    features = np.concatenate([*kinds, *(kind.mean(axis=1, keepdims=True) for kind in kinds)], axis=1)
    return features.mean(axis=0), features.std(axis=0)
