"""What the arms would give with float64 throughout: tells a rounding difference from a real one.

It is an arbiter, not a reference: an arm that casts to a narrower type by itself stays narrow, and shows that way.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.certify.evaluation import Array, Evaluation, evaluator
from pipeline.certify.fresh import dtype_policy, fresh
from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject
from pipeline.certify.values.errors import gap
from pipeline.certify.weights import read, write
from pipeline.records import InputSpec

MOST_LOSS = 0.05  # of the outputs' scale


class Arbiter:
    """Builds both arms in float64 when first asked, and keeps them."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._wide: tuple[Subject, ...] | None = None
        self.refusal = ""  # why there is no verdict, once asked

    def truths(
        self, arrays: Sequence[Array], training: bool, narrow: Sequence[Evaluation]
    ) -> tuple[Evaluation, ...] | None:
        """Both arms' evaluations with the pair's present weights; None where float64 can't arbitrate.

        `narrow` is what the arms themselves gave.  A float64 run far from that is a run of something else: of an arm
        with hidden weights, say, or with a memory of its calls.
        """
        if self.refusal:
            return None
        try:
            with dtype_policy("float64"):
                wide = self._evaluate(arrays, training)
        except Exception as problem:  # whatever an arm does under a policy it was not written for
            self.refusal = f"an arm can't be run in float64 ({type(problem).__name__})"
            return None
        return wide if all(map(_faithful, narrow, wide)) else None

    def _evaluate(self, arrays: Sequence[Array], training: bool) -> tuple[Evaluation, ...]:
        if self._wide is None:
            self._wide = wide_arms(self._pair)
        for narrow, wide in zip(self._pair.subjects, self._wide, strict=True):
            write(wide, read(narrow))
        given = [np.asarray(array).astype(spec.dtype) for array, spec in zip(arrays, self._wide[0].inputs, strict=True)]
        return tuple(evaluator(wide, training, "eager")(given) for wide in self._wide)


def wide_arms(pair: Pair) -> tuple[Subject, ...]:
    """Both arms built anew with the pair's present weights; within `dtype_policy("float64")`, in float64."""
    inputs = tuple(widened(spec) for spec in pair.inputs)
    arms = zip(pair.subjects, pair.builders, strict=True)
    return tuple(fresh(subject, builder, inputs) for subject, builder in arms)


def _faithful(narrow: Evaluation, wide: Evaluation) -> bool:
    rounded = [each.astype(like.dtype) for each, like in zip(wide.outputs, narrow.outputs, strict=True)]
    return gap(narrow.outputs, rounded).relative <= MOST_LOSS


def widened(spec: InputSpec) -> InputSpec:
    """The input in float64; ids, counts and flags as they are."""
    return InputSpec(spec.shape, "float64" if "float" in spec.dtype else spec.dtype, spec.low, spec.high)
