"""What a gap between two evaluations means: nothing, rounding, a difference, or not to be decided."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.certify.evaluation import Evaluation, How
from pipeline.certify.values.errors import Gap, Tally, all_finite, gap
from pipeline.certify.values.inputs import Batch
from pipeline.certify.weights import WeightDraw
from pipeline.records import Level

GROUPS: Mapping[str, Level] = {
    "outputs": "values",
    "losses": "values",
    "input_gradients": "gradient",
    "weight_gradients": "gradient",
    "state": "state",
}
# Without an arbiter, a gap up to this many tolerances is not decided.
BORDERLINE = 4.0
# With float64 truths that agree, an output this far off still counts: the arm has lost its precision.
LOST_PRECISION = 1e-2
# A gap of which float64 keeps less than this share was rounding.
PERSISTING_SHARE = 0.1
# Weights far from ordinary multiply the rounding of constants too; truths must then differ by more than that.
EXTREME_TRUTH_GAP = 1e-3

Truths = Callable[[], tuple[Evaluation, ...] | None]
Tallies = Mapping[Level, Tally]


@dataclass(frozen=True)
class Trial:
    """One batch in one mode, run one way, with one draw of weights."""

    batch: Batch
    training: bool
    how: How
    weights: WeightDraw

    @property
    def label(self) -> str:
        """Where a disagreement was seen."""
        mode = "train" if self.training else "inference"
        return f"batch {self.batch.name!r}, {mode} mode, {self.how}, {self.weights} weights"

    @property
    def ordinary(self) -> bool:
        """Whether the inputs are declared ones and the weights such as training could give."""
        return self.batch.declared and self.weights != "large"


@dataclass(frozen=True)
class Judgement:
    """A gap that exceeds the tolerance, and what it means."""

    group: str
    outcome: Literal["different", "note", "inconclusive"]
    measured: Gap
    why: str


def judge(
    trial: Trial, arms: tuple[Evaluation, Evaluation], limit: float, truths: Truths, tallies: Tallies
) -> Iterator[Judgement]:
    """The groups in which two evaluations of one trial disagree, outputs first.

    Gradients are judged where the outputs of both arms are finite; elsewhere they mean nothing.
    Every group counts in the tally of its level.
    """
    finite = all(all_finite(arm.outputs) for arm in arms)
    for group, level in GROUPS.items():
        first, second = getattr(arms[0], group), getattr(arms[1], group)
        measured = gap(first, second)
        tallies[level].add(first, second, measured)
        if measured.relative > limit and (finite or level != "gradient"):
            outcome, why = _meaning(trial, group, measured, limit, truths)
            yield Judgement(group, outcome, measured, why)


def _meaning(
    trial: Trial, group: str, measured: Gap, limit: float, truths: Truths
) -> tuple[Literal["different", "note", "inconclusive"], str]:
    if not trial.batch.declared:
        return "note", "differs outside the declared inputs"
    wide = truths()
    if wide is None:
        return _without_truths(trial, measured, limit)
    if _persists(measured, gap(getattr(wide[0], group), getattr(wide[1], group)), limit, trial.ordinary):
        return _with_other_truths(trial, measured)
    if trial.ordinary and group == "outputs" and measured.relative > LOST_PRECISION:
        return "different", "they agree in float64: one arm loses its precision"
    return "note", "rounding: both compute the same in float64"


def _persists(measured: Gap, wide: Gap, limit: float, ordinary: bool) -> bool:
    """Whether the gap is still there in float64: rounding shrinks by nine orders, a difference stays what it is."""
    if not np.isfinite(wide.relative):
        return True
    if not np.isfinite(measured.relative):
        return wide.relative > limit
    stays = wide.relative * wide.scale >= PERSISTING_SHARE * measured.relative * measured.scale
    return stays and (ordinary or wide.relative > EXTREME_TRUTH_GAP)


def _with_other_truths(trial: Trial, measured: Gap) -> tuple[Literal["different", "note"], str]:
    if not trial.ordinary and not np.isfinite(measured.relative):
        return "note", "differs where large weights overflow"
    return "different", "they differ in float64 too"


def _without_truths(
    trial: Trial, measured: Gap, limit: float
) -> tuple[Literal["different", "note", "inconclusive"], str]:
    if not trial.ordinary:
        return "note", "differs with very large weights, and no float64 run tells whether that is rounding"
    if measured.relative <= BORDERLINE * limit:
        return "inconclusive", "just above the tolerance, and no float64 run tells whether that is rounding"
    return "different", "far above the tolerance"
