"""Both arms of a pair with drawn weights, ready for their lives to be observed."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from pipeline.certify.lifecycle.observe import Life
from pipeline.certify.pair import Pair
from pipeline.certify.values.errors import tolerance
from pipeline.certify.values.inputs import random_batch
from pipeline.certify.values.randomness import randomness
from pipeline.certify.weights import draw, preserved

ROWS = 4


@contextmanager
def lives_of(pair: Pair) -> Iterator[tuple[Life, Life]]:
    """Draws weights, so that one that is lost shows, even where it starts at zero; the arms get theirs back."""
    with preserved(pair.baseline.model, pair.candidate.model):
        draw(pair, "ordinary", np.random.default_rng([pair.seed, 31]))
        arrays = random_batch(pair.inputs, np.random.default_rng([pair.seed, 29]), ROWS).arrays
        repeats = all(randomness(pair, mode) == "none" for mode in pair.modes)
        first, second = (
            Life(subject, builder, arrays, tolerance(pair), repeats)
            for subject, builder in zip(pair.subjects, pair.builders, strict=True)
        )
        yield first, second
