"""The checks of level distribution: replica against replica, replicas against one device, arm against arm."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from pipeline.certify.distribution.arms import Arm, trained, trained_in_float64
from pipeline.certify.distribution.causes import causes
from pipeline.certify.distribution.judge import Apart, between_replicas, between_runs, is_rounding
from pipeline.certify.distribution.mode import choose
from pipeline.certify.distribution.steps import Batch
from pipeline.certify.distribution.told import AGREE, ALONE, ARMS, LEVEL, STEPS, Told, finding
from pipeline.certify.findings import guarded, run_checks
from pipeline.certify.lifecycle import observe
from pipeline.certify.pair import Options, Pair
from pipeline.certify.update.steps import batches
from pipeline.certify.values.errors import tolerance
from pipeline.certify.weights import draw, preserved
from pipeline.frontend import variable_path
from pipeline.records import Finding

BOTH = "both"


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of level distribution.  Both arms keep the weights they came with.  Needs two logical CPU devices."""
    return guarded(LEVEL, _check(pair, options))


def _check(pair: Pair, options: Options) -> Iterator[Finding]:
    with preserved(pair.baseline.model, pair.candidate.model):
        draw(pair, "ordinary", np.random.default_rng([pair.seed, 29]))
        data = batches(pair, STEPS)
        training, remark = choose(pair, data[0])
        if remark:
            yield Finding(LEVEL, "mode", "note", remark)
        if training is not None:
            yield from run_checks(LEVEL, {"training": partial(_compared, pair, data, training)}, options.remaining)


def _compared(pair: Pair, data: Sequence[Batch], training: bool) -> Iterator[Finding]:
    arms, limit = trained(pair, data, training), tolerance(pair)
    working = [arm for arm in arms if arm.copy]
    if len(working) < len(arms):
        yield observe.compare(LEVEL, "training on replicas", arms[0].observation, arms[1].observation, limit)
    if not working:
        return
    told = partial(_told, arrays=data[0], training=training)
    yield finding(AGREE, [told(arm, between_replicas(arm.together)) for arm in working])
    gaps = _gaps(arms, limit)
    doubtful = any(gap.excess > 1.0 for gap in gaps.values())
    wide = _gaps(trained_in_float64(pair, data, training), limit) if doubtful else {}
    rounding = {name: name in wide and is_rounding(gap, wide[name]) for name, gap in gaps.items()}
    yield finding(ALONE, [told(arm, gaps[arm.name], rounding=rounding[arm.name]) for arm in working])
    if BOTH in gaps:
        yield finding(ARMS, [Told(gaps[BOTH].role, gaps[BOTH], rounding=rounding[BOTH])])


def _gaps(arms: Sequence[Arm], limit: float) -> Mapping[str, Apart]:
    """Between one device and the replicas, by arm, and between the arms on the replicas, where both work there."""
    working = [arm for arm in arms if arm.copy]
    gaps = {arm.name: between_runs(arm.alone, arm.together, limit) for arm in working}
    if len(working) == 2:
        gaps[BOTH] = between_runs(working[0].together, working[1].together, limit)
    return gaps


def _told(arm: Arm, apart: Apart, *, arrays: Batch, training: bool, rounding: bool = False) -> Told:
    if arm.copy is None or not apart.role:
        return Told("", apart)
    variable = dict(zip(arm.copy.roles, arm.copy.variables, strict=True))[apart.role]
    why = causes(arm.copy, apart.role, arm.original, arrays, training) if apart.excess > 1.0 else ""
    return Told(f"the {arm.name}'s {variable_path(variable)}", apart, why, rounding)
