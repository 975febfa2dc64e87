"""Whether arms that end up apart after some steps were moved apart by rounding, which steps can multiply.

In float64 rounding begins nine orders smaller, and an optimizer, a gradient's type or a formula stays what it is.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.certify.fresh import dtype_policy
from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject
from pipeline.certify.update.compare import Apart, compare
from pipeline.certify.update.steps import Array, Gradients, first_gradients, gradient_function, train
from pipeline.certify.values.arbiter import MOST_LOSS, wide_arms
from pipeline.certify.values.errors import gap

# Of what is apart in the arms' own dtype, float64 keeps less than this where rounding was all of it.
KEPT_OF_ROUNDING = 1e-3


class Wide:
    """Both arms in float64, built when first asked, with the weights that the pair has then."""

    def __init__(self, pair: Pair, training: bool) -> None:
        self._pair, self._training = pair, training
        self._arms: list[tuple[Subject, Gradients]] = []

    def is_rounding(
        self, narrow: Apart, name: str, functions: Sequence[Gradients], data: Sequence[Sequence[Array]]
    ) -> bool:
        """Whether the same steps in float64 leave next to nothing of `narrow`.

        False where an arm can't be run in float64, or is another one there: its first gradients must be near its own.
        """
        if not np.isfinite(narrow.relative):
            return False
        try:
            with dtype_policy("float64"):
                return self._agree(narrow, name, functions, data)
        except Exception:  # whatever an arm does under a policy it was not written for
            return False

    def _agree(self, narrow: Apart, name: str, functions: Sequence[Gradients], data: Sequence[Sequence[Array]]) -> bool:
        if not self._arms:
            arms = wide_arms(self._pair)
            self._arms = [(arm, gradient_function(arm, self._training)) for arm in arms]
        for (wide, wide_function), own, function in zip(self._arms, self._pair.subjects, functions, strict=True):
            if not _near(first_gradients(own, function, data[0]), first_gradients(wide, wide_function, data[0])):
                return False
        apart = compare(*(train(arm, function, name, data) for arm, function in self._arms))
        slots_agree = apart.slots.relative <= KEPT_OF_ROUNDING * narrow.slots.relative
        return apart.relative <= KEPT_OF_ROUNDING * narrow.relative and (slots_agree or bool(apart.slots.reason))


def _near(own: Sequence[Array], wide: Sequence[Array]) -> bool:
    rounded = [each.astype(like.dtype) for each, like in zip(wide, own, strict=True)]
    return gap(own, rounded).relative <= MOST_LOSS
