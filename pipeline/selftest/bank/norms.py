"""Normalisations, and the states they keep.  The arms are in `arms/norms.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import floats
from pipeline.selftest.arms.norms import (
    C,
    RunningMean,
    TextbookBatchNorm,
    TextbookLayerNorm,
    wired_batch_norm,
    wired_layer_norm,
)
from pipeline.selftest.pair import Pair, Roles, different, same

X = floats(C)
batch_norm = TextbookBatchNorm
SQUARE, NARROW = floats(C, C), floats(C, low=-0.1, high=0.1)
in_training = partial(witness.values, training=True)

PAIRS: tuple[Pair, ...] = (
    same("norm_batch", batch_norm, wired_batch_norm, X, why="Batch norm by its formula, states included."),
    same("norm_layer", TextbookLayerNorm, wired_layer_norm, X, why="Layer norm by its formula.", split="held_out"),
    same(
        "norm_layer_beta_first",
        wired_layer_norm,
        partial(TextbookLayerNorm, beta_first=True),
        X,
        why="gamma and beta have one shape and are made in the other order.",
        weights=Roles((1, 0)),
    ),
    same(
        "norm_running_mean",
        RunningMean,
        partial(RunningMean, spelling="blend"),
        X,
        why="m + r (x - m) is (1 - r) m + r x.",
    ),
    different(
        "values",
        "norm_batch_epsilon",
        wired_batch_norm,
        partial(wired_batch_norm, epsilon=1e-5),
        NARROW,
        why="epsilon is 1e-3 or 1e-5.",
        witness=in_training,
    ),
    different(
        "values",
        "norm_layer_epsilon",
        TextbookLayerNorm,
        partial(TextbookLayerNorm, epsilon=1e-5),
        NARROW,
        why="epsilon is 1e-3 or 1e-5.",
        witness=witness.values,
        split="held_out",
    ),
    different(
        "state",
        "norm_momentum",
        wired_batch_norm,
        partial(wired_batch_norm, momentum=0.9),
        X,
        why="Moving statistics keep .99 or .9 of themselves.",
        witness=witness.state,
    ),
    different(
        "values",
        "norm_batch_statistics_at_inference",
        wired_batch_norm,
        partial(batch_norm, statistics="batch"),
        X,
        why="Inference uses the batch's statistics.",
        witness=witness.values,
    ),
    different(
        "values",
        "norm_training_flag_ignored",
        wired_batch_norm,
        partial(batch_norm, statistics="moving"),
        X,
        witness=in_training,
        split="held_out",
        why="Training normalises by the moving statistics.",
    ),
    different(
        "state",
        "norm_never_moves",
        wired_batch_norm,
        partial(batch_norm, moves="never"),
        X,
        why="The moving statistics stay as they are.",
        witness=witness.state,
    ),
    different(
        "state",
        "norm_moves_at_inference",
        wired_batch_norm,
        partial(batch_norm, moves="always"),
        X,
        why="The moving statistics move at inference too.",
        split="held_out",
        witness=partial(witness.state, training=False),
    ),
    different(
        "state",
        "norm_unbiased",
        wired_batch_norm,
        partial(batch_norm, unbiased=True),
        X,
        witness=witness.state,
        why="The moving variance takes n / (n - 1) of the batch's.",
    ),
    different(
        "gradient",
        "norm_constant_statistics",
        wired_batch_norm,
        partial(batch_norm, constant=True),
        X,
        why="No gradient through the batch's statistics.",
        witness=partial(witness.gradient, training=True),
    ),
    different(
        "interface",
        "norm_without_gamma",
        TextbookLayerNorm,
        partial(TextbookLayerNorm, scale=False),
        X,
        why="The candidate has no gamma.",
        witness=witness.structure,
    ),
    different(
        "values",
        "norm_other_axis",
        TextbookLayerNorm,
        partial(TextbookLayerNorm, axis=-2),
        SQUARE,
        why="Normalised over steps, which are as many as channels.",
        witness=witness.values,
        split="held_out",
    ),
    different(
        "values",
        "norm_use_before_update",
        RunningMean,
        partial(RunningMean, late=True),
        X,
        witness=in_training,
        why="Training subtracts the mean from before or after its move.",
    ),
)
