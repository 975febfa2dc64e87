"""Runs two programs over the field on the same random points, and judges."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.certify.algebra.boundaries import integer_boundary
from pipeline.certify.algebra.field import P, embed
from pipeline.certify.algebra.interpretation import table
from pipeline.certify.program.interpret.walk import Array, Unsupported, run
from pipeline.certify.program.preconditions import declared
from pipeline.certify.program.records import Parameter, Program
from pipeline.records import InputSpec, Record

SCOPE = (
    "equal as functions of real numbers, almost everywhere, for integer inputs in their declared ranges; "
    "says nothing of rounding, overflow, NaN or ties"
)
_MOST_INTEGER = 100  # integers that have no declared range are drawn from 0 up to this


class AlgebraResult(Record, frozen=True):
    """True: equal within `scope`.  False: no identity was found, `why` says where.  None: no answer, `why` says why.

    False is no proof of a difference: a constant that rounds 1/√2 is not known to be one.
    """

    equal: bool | None
    why: str
    scope: str


def compare(
    program_a: Program,
    program_b: Program,
    specs: Sequence[InputSpec],
    seed: int,
    *,
    trials: int = 2,
    as_ratios: bool = True,
) -> AlgebraResult:
    """Are the two equal over the reals?  A wrong "True" has a chance of about 1e-9 times the function's degree."""
    if program_a.signature != program_b.signature:
        return AlgebraResult(None, "the programs differ in weights, inputs or cotangents", "")
    unmatched = set(program_a.outputs) ^ set(program_b.outputs)
    if unmatched:
        return AlgebraResult(None, f"only one arm has {', '.join(sorted(unmatched))}", "")
    try:
        for trial in range(trials):
            outcomes = [
                evaluate(program, specs, np.random.default_rng([seed, trial]), trial, as_ratios=as_ratios)
                for program in (program_a, program_b)
            ]
            difference = _first_difference(*outcomes)
            if difference:
                return AlgebraResult(
                    False,
                    f"{difference} is another function, or equal for a reason that the field does not know",
                    SCOPE,
                )
    except Unsupported as reason:
        return AlgebraResult(None, f"not decided: {reason}", "")
    boundaries = [integer_boundary(program, declared(program, specs)) for program in (program_a, program_b)]
    if boundaries[0] != boundaries[1]:
        return AlgebraResult(None, "equal on samples, but integers (ids, masks) are computed differently", "")
    return AlgebraResult(True, "", SCOPE)


def evaluate(
    program: Program, specs: Sequence[InputSpec], rng: np.random.Generator, salt: int, *, as_ratios: bool
) -> dict[str, Array]:
    """The program's results at a random point, by label.  The same `rng` state gives programs the same point.

    Raises Unsupported.
    """
    root = int(rng.integers(2**62))
    arguments = {
        number: embed(program.constants[number], as_ratios=as_ratios)
        if parameter.kind == "constant" and program.constants[number].dtype.kind not in "iub"
        else program.constants[number]
        if parameter.kind == "constant"
        else _draw(parameter, specs, root)
        for number, parameter in enumerate(program.parameters)
    }
    results = run(program.module, arguments, table(salt, as_ratios=as_ratios))
    return dict(zip(program.outputs, results, strict=True))


def _draw(parameter: Parameter, specs: Sequence[InputSpec], root: int) -> Array:
    """A value that depends on what the parameter stands for, not on its number."""
    rng = np.random.default_rng([root, *parameter.token.encode()])
    kind = _kind(parameter.dtype)
    if kind == "b":
        return rng.integers(0, 2, parameter.shape).astype(bool)
    if kind == "f":
        return rng.integers(0, P, parameter.shape)
    low, high = 0, _MOST_INTEGER
    if parameter.kind == "input":
        low, high = math.ceil(specs[int(parameter.name)].low), math.floor(specs[int(parameter.name)].high)
    drawn = rng.integers(low, high, parameter.shape, endpoint=True)
    if drawn.size > 1:  # both ends are always among the samples
        drawn.flat[0], drawn.flat[-1] = high, low
    return np.asarray(drawn).astype(parameter.dtype)


def _kind(dtype: str) -> str:
    return "f" if dtype == "bfloat16" else np.dtype(dtype).kind


def _first_difference(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    for label in sorted(left):
        if np.shape(left[label]) != np.shape(right[label]) or not np.array_equal(left[label], right[label]):
            return label
    return ""
