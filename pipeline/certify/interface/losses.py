"""What the arms add to the training loss, and how much they hold."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from pipeline.certify.builders import middle
from pipeline.certify.evaluation import evaluator
from pipeline.certify.pair import Pair
from pipeline.certify.values.errors import tolerance
from pipeline.certify.weights import draw, preserved
from pipeline.records import Finding

Details = dict[str, str | float | int | bool]


def compare_losses(pair: Pair) -> Iterator[Finding]:
    """Regularisers and added losses: their number, and their sum with drawn weights, in every mode."""
    with preserved(*(subject.model for subject in pair.subjects)):
        draw(pair, "ordinary", np.random.default_rng([pair.seed, 17]))
        arrays = [middle(spec, 2) for spec in pair.inputs]
        for mode in pair.modes:
            sums = [float(evaluator(subject, mode, "eager")(arrays).losses[0]) for subject in pair.subjects]
            counts = [len(subject.model.losses) for subject in pair.subjects]
            details: Details = {"baseline": sums[0], "candidate": sums[1], "training": mode}
            if not np.isclose(sums[0], sums[1], rtol=tolerance(pair), atol=1e-9, equal_nan=True):
                sentence = (
                    f"the arms add {sums[0]:.6g} ({counts[0]} losses) and {sums[1]:.6g} ({counts[1]}) to the loss"
                )
                yield Finding("interface", "losses", "different", sentence, details=details)
                return
    if counts[0] != counts[1]:
        sentence = f"the arms add {counts[0]} and {counts[1]} losses, of the same sum"
        yield Finding("interface", "losses", "note", sentence)
    else:
        yield Finding("interface", "losses", "same", f"both add {counts[0]} losses of the same sum", details=details)


def compare_counts(pair: Pair) -> Iterator[Finding]:
    """Parameters, all and trainable, as the arms count them."""
    shown = [_counts(subject.model) for subject in pair.subjects]
    alike = shown[0] == shown[1]
    sentence = f"{shown[0][0]} parameters, {shown[0][1]} trainable"
    if not alike:
        sentence += f", against {shown[1][0]} and {shown[1][1]} in the candidate"
    yield Finding("interface", "parameter count", "same" if alike else "different", sentence)


def _counts(model: Any) -> tuple[int, int]:
    return _elements(model.weights), _elements(model.trainable_weights)


def _elements(weights: Iterable[Any]) -> int:
    return sum(int(np.prod(weight.shape, dtype=np.int64)) for weight in weights)
