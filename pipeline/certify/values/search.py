"""A bounded hypothesis search for a batch on which two arms disagree, shrunk by hypothesis."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy.typing as npt
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import HypothesisException

from pipeline.certify.values.inputs import batch_strategy
from pipeline.records import InputSpec

Array = npt.NDArray[Any]


def search(
    inputs: Sequence[InputSpec], size: int, fails: Callable[[Sequence[Array]], bool], examples: int, seed: int
) -> tuple[Array, ...] | None:
    """The smallest failing batch met among `examples` draws, or None.  The same seed draws the same batches."""
    failing: list[tuple[Array, ...]] = []

    def condition(arrays: tuple[Array, ...]) -> bool:
        failed = fails(arrays)
        if failed:
            failing.append(arrays)
        return failed

    bounds = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        return find(batch_strategy(inputs, size), condition, settings=bounds, random=Random(seed))  # noqa: S311
    except HypothesisException:  # nothing found, or an arm that is not repeatable: the last failure still stands
        return failing[-1] if failing else None
