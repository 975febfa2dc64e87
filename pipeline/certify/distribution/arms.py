"""Both arms trained twice: as they are on one device, and as copies on the replicas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import tensorflow as tf

from pipeline.certify.distribution.devices import replicas
from pipeline.certify.distribution.judge import Runs
from pipeline.certify.distribution.steps import OPTIMIZERS, Batch, train, unit_scale
from pipeline.certify.findings import first_line
from pipeline.certify.fresh import dtype_policy, fresh
from pipeline.certify.lifecycle.observe import Observation
from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject
from pipeline.certify.values.arbiter import widened
from pipeline.errors import ParityError


@dataclass(frozen=True)
class Arm:
    """One arm, trained.  `copy` is the one on the replicas; where that raises there is none, nor `together`."""

    original: Subject
    alone: Runs
    together: Runs
    observation: Observation
    copy: Subject | None = None

    @property
    def name(self) -> str:
        """ "baseline" or "candidate"."""
        return self.original.name


def trained(pair: Pair, data: Sequence[Batch], training: bool) -> list[Arm]:
    """Baseline and candidate, trained alike.  Raises what an arm raises on one device."""
    scale = unit_scale(pair.baseline, data[0], training)
    run = partial(_runs, data=data, training=training, scale=scale)
    alone = [run(tf.distribute.get_strategy(), subject) for subject in pair.subjects]
    strategy = replicas()
    return [_arm(pair, index, alone[index], strategy, run) for index in (0, 1)]


def trained_in_float64(pair: Pair, data: Sequence[Batch], training: bool) -> list[Arm]:
    """The same with float64 throughout; no arm where they can't be built or trained in it."""
    inputs = tuple(map(widened, pair.inputs))
    try:
        with dtype_policy("float64"):
            arms = zip(pair.subjects, pair.builders, strict=True)
            baseline, candidate = (fresh(subject, builder, inputs) for subject, builder in arms)
            return trained(replace(pair, baseline=baseline, candidate=candidate, inputs=inputs), data, training)
    except Exception:  # whatever an arm does under a policy it was not written for
        return []


def _arm(pair: Pair, index: int, alone: Runs, strategy: Any, run: Callable[[Any, Subject], Runs]) -> Arm:
    subject = pair.subjects[index]
    try:
        with strategy.scope():
            copy = fresh(subject, pair.builders[index])
        return Arm(subject, alone, run(strategy, copy), Observation("works"), copy)
    except ParityError as problem:
        return Arm(subject, alone, {}, Observation("raises", problem.what))
    except Exception as problem:  # whatever an arm raises under a strategy that it was not written for
        return Arm(subject, alone, {}, Observation("raises", first_line(problem)))


def _runs(strategy: Any, subject: Subject, *, data: Sequence[Batch], training: bool, scale: float) -> Runs:
    return {name: train(strategy, subject, name, data, training, scale) for name in OPTIMIZERS}
