"""How precise each arm is: its outputs against its own float64 run, in scale-relative error and in ULPs."""

from collections.abc import Iterator

import numpy as np

from pipeline.certify.values.errors import gap
from pipeline.certify.values.examine import Bench
from pipeline.certify.values.inputs import random_batch
from pipeline.certify.values.judge import Trial
from pipeline.certify.weights import draw
from pipeline.records import Finding

ROWS = 8
UNFAITHFUL = "a float64 copy of an arm gives other values than the arm"


def precision(table: Bench, training: bool) -> Iterator[Finding]:
    """A note: the error of either arm, and which is closer to the truth."""
    rng = np.random.default_rng([table.pair.seed, 5])
    draw(table.pair, "ordinary", rng)
    trial = Trial(random_batch(table.pair.inputs, rng, ROWS), training, "eager", "ordinary")
    evaluations = [table.evaluate(arm, trial) for arm in (0, 1)]
    arms = [evaluation.outputs for evaluation in evaluations]
    between = gap(*arms)
    details: dict[str, str | float | int | bool] = {"between_ulps": between.ulps, "between_relative": between.relative}
    wide = table.arbiter.truths(trial.batch.arrays, training, evaluations)
    if wide is None:
        yield Finding(
            "values", "precision", "note", f"not measured: {table.arbiter.refusal or UNFAITHFUL}", details=details
        )
        return
    errors = []
    for name, narrow, truth in zip(("baseline", "candidate"), arms, wide, strict=True):
        rounded = [t.astype(n.dtype) for n, t in zip(narrow, truth.outputs, strict=True)]
        off = gap(narrow, rounded)
        details |= {f"{name}_relative_error": off.relative, f"{name}_ulps": off.ulps}
        errors.append(off.relative)
    nearer = "baseline" if errors[0] < errors[1] else "candidate" if errors[1] < errors[0] else "neither"
    details["closer_to_float64"] = nearer
    sentence = f"against float64 the baseline is off by {errors[0]:.1g} of its scale, the candidate by {errors[1]:.1g}"
    yield Finding("values", "precision", "note", sentence, details=details)
