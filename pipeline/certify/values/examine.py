"""Runs both arms on trials, one after the other, until they are found to differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np
import tensorflow as tf

from pipeline.certify.evaluation import RAISED_BY_ARMS, Array, Evaluate, Evaluation, How, evaluator
from pipeline.certify.findings import first_line, tensor_texts
from pipeline.certify.pair import Options, Pair
from pipeline.certify.values.arbiter import Arbiter
from pipeline.certify.values.errors import Tally, gap, profile, tolerance
from pipeline.certify.values.inputs import BATCH, Batch, as_batch
from pipeline.certify.values.judge import GROUPS, Judgement, Tallies, Trial, judge
from pipeline.certify.values.shrink import shrink
from pipeline.records import Counterexample, Finding, FindingOutcome, Level

LEVELS: tuple[Level, ...] = ("values", "gradient", "state")
SAYS = {
    "outputs": "outputs",
    "losses": "losses that the arms add",
    "input_gradients": "gradients of the inputs",
    "weight_gradients": "gradients of the weights",
    "state": "state after the call",
}


@dataclass
class Bench:
    """A pair on the bench: its traced functions, made once each, its tolerance and its arbiter."""

    pair: Pair
    options: Options
    limit: float
    arbiter: Arbiter
    traced: dict[tuple[int, bool, How], Evaluate] = field(default_factory=dict)

    def evaluate(self, arm: int, trial: Trial) -> Evaluation:
        """One arm on one trial.  An eager run is seeded, so that draws from the global generator repeat."""
        key = (arm, trial.training, trial.how)
        if key not in self.traced:
            self.traced[key] = self._trace(*key)
        if trial.how == "eager":
            tf.random.set_seed(self.pair.seed)
        return self.traced[key](trial.batch.arrays)

    def _trace(self, arm: int, training: bool, how: How) -> Evaluate:
        subject = self.pair.subjects[arm]
        if how == "xla":
            return evaluator(subject, training, how, BATCH)
        try:
            return evaluator(subject, training, how)
        except Exception:  # an arm that needs a fixed batch size; the lifecycle level says so
            return evaluator(subject, training, how, BATCH)


def bench(pair: Pair, options: Options) -> Bench:
    """The pair, ready for trials."""
    return Bench(pair, options, tolerance(pair), Arbiter(pair))


def examine(bench: Bench, check: str, trials: Iterable[Trial]) -> Iterator[Finding]:
    """A finding per level.  Stops at the first difference; a disagreement that is none becomes a note."""
    seen: dict[tuple[Level, str], Finding] = {}
    tallies = {level: Tally() for level in LEVELS}
    count = 0
    for trial in trials:
        count += 1
        for finding in _one(bench, check, trial, tallies):
            seen.setdefault((finding.level, finding.outcome), finding)
        if any(outcome == "different" for _, outcome in seen) or bench.options.remaining() <= 0:
            break
    yield from seen.values()
    troubled = {level for level, outcome in seen if outcome != "note"}
    for level in LEVELS:
        if not troubled and count:
            yield _same(level, check, count, bench.limit, tallies[level])


def _same(level: Level, check: str, count: int, limit: float, tally: Tally) -> Finding:
    what = {"values": "outputs and losses", "gradient": "gradients", "state": "state after the call"}[level]
    return Finding(
        level,
        check,
        "same",
        f"{what} agree on {count} batches",
        proves="no counterexample among the batches tried",
        preconditions=("weights equal by role",),
        details={"batches": count, "tolerance": limit, **tally.details()},
    )


def _one(bench: Bench, check: str, trial: Trial, tallies: Tallies) -> Iterator[Finding]:
    results: list[Evaluation | Exception] = []
    for arm in (0, 1):
        try:
            results.append(bench.evaluate(arm, trial))
        except RAISED_BY_ARMS as problem:
            results.append(problem)
    first, second = results
    if isinstance(first, Exception) or isinstance(second, Exception):
        yield _raised(check, trial, first, second)
        return
    truths = partial(bench.arbiter.truths, trial.batch.arrays, trial.training, (first, second))
    for judgement in judge(trial, (first, second), bench.limit, truths, tallies):
        yield _finding(bench, check, trial, judgement, (first, second))
        if judgement.outcome == "different":
            return


def _raised(check: str, trial: Trial, *results: Evaluation | Exception) -> Finding:
    named = zip(("baseline", "candidate"), results, strict=True)
    raised = [f"the {name} raises {first_line(result)}" for name, result in named if isinstance(result, Exception)]
    outcome = _meaning_of_raising(trial, alike=len(raised) == len(results))
    return Finding("values", check, outcome, f"{' and '.join(raised)}: {trial.label}")


def _meaning_of_raising(trial: Trial, *, alike: bool) -> FindingOutcome:
    """An arm that raises on declared inputs gives no values; one that can't be traced says so clearly."""
    if not trial.batch.declared:
        return "note"
    if trial.how != "eager":
        return "note" if alike else "loud"
    return "inconclusive" if alike else "different"


def _finding(
    bench: Bench, check: str, trial: Trial, judgement: Judgement, arms: tuple[Evaluation, Evaluation]
) -> Finding:
    measured = judgement.measured
    size = f"by {measured.relative:.2g} of their scale" if np.isfinite(measured.relative) else f"({measured.reason})"
    different = judgement.outcome == "different"
    return Finding(
        GROUPS[judgement.group],
        check,
        judgement.outcome,
        f"{SAYS[judgement.group]} differ {size}: {judgement.why} ({trial.label})",
        details={**profile(measured, bench.limit), "closer_to_float64": closer(bench, trial, judgement.group, arms)},
        counterexample=_counterexample(bench, trial, judgement.group, arms) if different else None,
    )


def closer(bench: Bench, trial: Trial, group: str, arms: Sequence[Evaluation]) -> str:
    """Which arm is nearer to its own float64 run: baseline, candidate, neither or unknown."""
    wide = bench.arbiter.truths(trial.batch.arrays, trial.training, arms) if trial.batch.declared else None
    if wide is None:
        return "unknown"
    off = [
        gap([a.astype(np.float64) for a in getattr(arm, group)], [t.astype(np.float64) for t in getattr(truth, group)])
        for arm, truth in zip(arms, wide, strict=True)
    ]
    if off[0].relative == off[1].relative:
        return "neither"
    return "baseline" if off[0].relative < off[1].relative else "candidate"


def _counterexample(bench: Bench, trial: Trial, group: str, arms: Sequence[Evaluation]) -> Counterexample:
    plain = [max(spec.low, min(0.0, spec.high)) for spec in bench.pair.inputs]
    fails = partial(disagree, bench, trial, (group,))
    smaller, ended = ([*trial.batch.arrays], False) if trial.how == "xla" else shrink(trial.batch.arrays, plain, fails)
    final = Trial(as_batch("smallest", smaller, bench.pair.inputs), trial.training, trial.how, trial.weights)
    shown = [getattr(bench.evaluate(arm, final), group) for arm in (0, 1)]
    if not shown[0] and not shown[1]:
        shown = [getattr(arm, group) for arm in arms]
    mode: Literal["train", "inference"] = "train" if trial.training else "inference"
    return Counterexample(
        tensor_texts(final.batch.arrays), tensor_texts(shown[0]), tensor_texts(shown[1]), mode, len(smaller[0]), ended
    )


def disagree(
    bench: Bench, trial: Trial, groups: Sequence[str], arrays: Sequence[Array], tally: Tally | None = None
) -> bool:
    """Whether the arms are beyond the tolerance in one of the groups of an evaluation, on these arrays."""
    batch: Batch = as_batch("search", arrays, bench.pair.inputs)
    other = Trial(batch, trial.training, trial.how, trial.weights)
    try:
        first, second = (bench.evaluate(arm, other) for arm in (0, 1))
    except RAISED_BY_ARMS:
        return False
    beyond = False
    for group in groups:
        one, other = getattr(first, group), getattr(second, group)
        measured = gap(one, other)
        beyond |= measured.relative > bench.limit
        if tally is not None:
            tally.add(one, other, measured)
    return beyond
