"""The arms under other dtype policies: the same outputs, in the same dtype?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf

from pipeline.certify.fresh import dtype_policy, fresh
from pipeline.certify.lifecycle.observe import Array, Life, Observation, arrays_of, compare, observed
from pipeline.certify.pair import Pair
from pipeline.certify.subject import call
from pipeline.certify.values.errors import MOST_TOLERANCE
from pipeline.certify.weights import is_float
from pipeline.records import Finding, FindingOutcome, InputSpec

COMPUTE_DTYPES = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16", "float64": "float64", "float32": "float32"}
LEAST_LIMIT = 1e-6


def compare_policy(policy: str, pair: Pair, lives: Sequence[Life]) -> Iterator[Finding]:
    """One finding: both arms built anew under the policy, with the weights that they have."""
    base = pair.tolerances[COMPUTE_DTYPES[policy]]
    growth = max(life.limit for life in lives) / pair.tolerances["float32"]
    limit = min(max(base * max(growth, 1.0), LEAST_LIMIT), MOST_TOLERANCE)
    wider = [replace(life, limit=limit) for life in lives]
    first, second = (observed(_under(policy), life) for life in wider)
    yield _compare(f"dtype policy {policy}", first, second, limit)


def _compare(check: str, first: Observation, second: Observation, limit: float) -> Finding:
    """Another output dtype: one arm does not follow the policy, and nothing says so.

    Under float64 it is only told: arms may hold constants in float32.
    """
    dtypes = [[str(array.dtype) for array in each.arrays] for each in (first, second)]
    wide_first, wide_second = (replace(each, arrays=_widened(each.arrays)) for each in (first, second))
    finding = compare("lifecycle", check, wide_first, wide_second, limit)
    if finding.outcome == "same" and dtypes[0] != dtypes[1]:
        told = " against ".join(", ".join(each) for each in dtypes)
        outcome: FindingOutcome = "loud" if check.endswith("float64") else "different"
        return Finding("lifecycle", check, outcome, f"{check}: both work, and give other dtypes ({told})")
    return finding


def _widened(arrays: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(array.astype(np.float64) if is_float(array) else array for array in arrays)


def _under(policy: str) -> Callable[[Life], Observation]:
    def observe(life: Life) -> Observation:
        with dtype_policy(policy):
            inputs = tuple(_in_policy(spec, policy) for spec in life.subject.inputs)
            arm = fresh(life.subject, life.builder, inputs)
            tensors = [tf.cast(array, spec.dtype) for array, spec in zip(life.arrays, inputs, strict=True)]
            outputs = tf.nest.flatten(call(arm, tensors, training=False))
        return Observation("works", "", arrays_of(outputs))

    return observe


def _in_policy(spec: InputSpec, policy: str) -> InputSpec:
    return (
        InputSpec(spec.shape, "float64", spec.low, spec.high)
        if policy == "float64" and spec.dtype == "float32"
        else spec
    )
