"""Equal values, other gradients.  The arms are in `arms/gradient.py`."""

from pipeline.selftest import witness
from pipeline.selftest.arm import floats, formula
from pipeline.selftest.arms.gradient import (
    absolute,
    absolute_by_root,
    absolute_by_sign,
    clipped_gradient,
    gated,
    gated_by_tanh,
    gated_without_gradient,
    half_gradient,
    plain,
    rectified,
    rectified_by_maximum,
    reversed_gradient,
    rounded,
    rounded_by_custom_gradient,
    rounded_straight_through,
    through_identity,
    without_input_gradient,
)
from pipeline.selftest.pair import Pair, different, same

N, U = 6, 5
X, ZERO_TO_ONE = floats(N), floats(N, low=0.0, high=1.0)
SMALL = floats(N, low=-0.5, high=0.5)  # where a gate is not saturated
KERNEL, TWO = {"kernel": (N, U)}, {"kernel": (N, U), "gate": (N, U)}
base = formula(plain, KERNEL)

PAIRS: tuple[Pair, ...] = (
    same(
        "gradient_identity",
        base,
        formula(through_identity, KERNEL),
        X,
        why="A custom gradient that hands on what it gets.",
    ),
    same(
        "gradient_straight_through",
        formula(rounded_straight_through, KERNEL),
        formula(rounded_by_custom_gradient, KERNEL),
        X,
        split="held_out",
        why="Straight-through rounding, by stop_gradient or by a custom gradient.",
    ),
    same(
        "gradient_gate_by_tanh",
        formula(gated, TWO),
        formula(gated_by_tanh, TWO),
        SMALL,
        why="sigmoid(z) is (1 + tanh(z / 2)) / 2; two kernels of one shape.",
    ),
    same(
        "gradient_absolute_by_sign",
        formula(absolute, KERNEL),
        formula(absolute_by_sign, KERNEL),
        X,
        why="The gradient of |x| is its sign, 0 at 0.",
        split="held_out",
    ),
    different(
        "gradient",
        "gradient_half",
        base,
        formula(half_gradient, KERNEL),
        X,
        witness=witness.gradient,
        why="Inputs get half of their gradient.",
    ),
    different(
        "gradient",
        "gradient_reversed",
        base,
        formula(reversed_gradient, KERNEL),
        X,
        witness=witness.gradient,
        why="Inputs get minus their gradient.",
        split="held_out",
    ),
    different(
        "gradient",
        "gradient_clipped",
        base,
        formula(clipped_gradient, KERNEL),
        X,
        witness=witness.gradient,
        why="The inputs' gradient is clipped at .1.",
    ),
    different(
        "gradient",
        "gradient_stopped_at_input",
        base,
        formula(without_input_gradient, KERNEL),
        X,
        witness=witness.gradient,
        why="Nothing flows to the inputs.",
        split="held_out",
    ),
    different(
        "gradient",
        "gradient_gate_stopped",
        formula(gated, TWO),
        formula(gated_without_gradient, TWO),
        X,
        witness=witness.gradient,
        why="The gate does not learn.",
    ),
    different(
        "gradient",
        "gradient_round",
        formula(rounded, KERNEL),
        formula(rounded_straight_through, KERNEL),
        X,
        witness=witness.gradient,
        why="Rounding has no gradient or that of the identity.",
    ),
    different(
        "gradient",
        "gradient_tie_at_zero",
        formula(rectified, KERNEL),
        formula(rectified_by_maximum, KERNEL),
        ZERO_TO_ONE,
        witness=witness.gradient,
        split="held_out",
        why="At 0, the low end of the declared interval, relu's gradient is 0 and maximum's is not.",
    ),
    different(
        "gradient",
        "gradient_root_at_zero",
        formula(absolute, KERNEL),
        formula(absolute_by_root, KERNEL),
        ZERO_TO_ONE,
        witness=witness.gradient,
        why="At the declared input 0 the root's gradient is NaN.",
    ),
)
