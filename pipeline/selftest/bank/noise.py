"""Randomness in training: the draws are compared as they come from one seed.  The arms are in `arms/noise.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import floats
from pipeline.selftest.arms.noise import (
    Drop,
    DropBlock,
    Jitter,
    N,
    wired_block,
    wired_drop,
    wired_gaussian_dropout,
    wired_jitter,
)
from pipeline.selftest.pair import Pair, different, same

X = floats(N, low=0.5, high=3.0)
in_training = partial(witness.values, training=True)

PAIRS: tuple[Pair, ...] = (
    same("noise_dropout", Drop, wired_drop, X, why="One stream of one seed, drawn alike."),
    same("noise_gaussian", Jitter, wired_jitter, X, why="The same normal draws.", split="held_out"),
    same("noise_block", DropBlock, wired_block, X, why="Dense and Dropout in one layer or wired."),
    different(
        "values", "noise_rate", wired_drop, partial(wired_drop, 0.5), X, witness=in_training, why="Dropout of .3 or .5."
    ),
    different(
        "values",
        "noise_at_inference",
        wired_drop,
        partial(Drop, when="always"),
        X,
        witness=witness.values,
        why="Drops at inference too.",
        split="held_out",
    ),
    different(
        "values",
        "noise_not_rescaled",
        Drop,
        partial(Drop, rescaled=False),
        X,
        witness=in_training,
        why="What is kept is not divided by .7.",
    ),
    different(
        "values",
        "noise_by_row",
        Drop,
        partial(Drop, by_row=True),
        X,
        witness=in_training,
        why="Drops whole rows, not entries.",
        split="held_out",
    ),
    different(
        "state",
        "noise_fixed_mask",
        Drop,
        partial(Drop, fixed=True),
        X,
        witness=partial(witness.values, training=True, calls=2),
        why="One mask for ever, or another each call.",
    ),
    different(
        "values",
        "noise_flag_ignored",
        wired_block,
        partial(DropBlock, flag=False),
        X,
        witness=in_training,
        why="The training flag never reaches the dropout.",
    ),
    different(
        "values",
        "noise_before_projection",
        wired_block,
        partial(DropBlock, before=True),
        X,
        witness=in_training,
        why="Inputs are dropped, not units.",
        split="held_out",
    ),
    different(
        "values",
        "noise_relative",
        wired_jitter,
        partial(Jitter, relative=True),
        X,
        witness=in_training,
        why="The noise grows with the input.",
    ),
    different(
        "values",
        "noise_multiplied",
        wired_jitter,
        wired_gaussian_dropout,
        X,
        witness=in_training,
        why="Noise that is added or multiplied.",
    ),
)
