"""Bags of rows, and padding.  The arms are in `arms/pooling.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import floats, formula, ids
from pipeline.selftest.arms.pooling import (
    D,
    T,
    V,
    bag_sum,
    masked_maximum,
    masked_mean,
    masked_mean_other_padding,
    masked_sum,
    maximum,
    mean,
    mean_by_loop,
    mean_over_width,
    root_n,
    root_n_by_weights,
    safe_mean,
    safe_mean_by_where,
    weighted,
    wired_maximum,
    wired_pool,
    wired_rows,
    wired_weighted,
)
from pipeline.selftest.pair import Pair, different, same

IDS = ids(T, high=V - 1)
TABLE = {"table": (V, D)}
mean_class, safe_class = formula(mean, TABLE), formula(safe_mean, TABLE)
SQUARE = {"table": (V, T)}  # as wide as there are tokens
BOTH = ("keras", "tf_keras")

PAIRS: tuple[Pair, ...] = (
    same(
        "pool_mean", mean_class, wired_pool, IDS, why="GlobalAveragePooling1D is the mean over tokens.", frontends=BOTH
    ),
    same(
        "pool_mean_by_loop",
        mean_class,
        formula(mean_by_loop, TABLE),
        IDS,
        why="A loop over the tokens.",
        split="held_out",
    ),
    same(
        "pool_masked_mean",
        formula(masked_mean, TABLE),
        partial(wired_pool, True),
        ids(T, low=1, high=V - 1),
        why="Sum over count of ids that are not padding; no declared row is all padding.",
    ),
    same(
        "pool_safe_mean",
        safe_class,
        formula(safe_mean_by_where, TABLE),
        IDS,
        why="Masking by product or by where; an all-padding row is zero in both.",
    ),
    same(
        "pool_root_n",
        formula(root_n, TABLE),
        formula(root_n_by_weights, TABLE),
        IDS,
        split="held_out",
        why="Dividing the sum is dividing each row.",
    ),
    same("pool_maximum", formula(maximum, TABLE), wired_maximum, IDS, why="GlobalMaxPooling1D is the maximum."),
    same(
        "pool_weighted",
        formula(weighted, TABLE),
        wired_weighted,
        IDS,
        floats(T),
        split="held_out",
        why="A weighted sum is a dot product over tokens; two inputs.",
    ),
    different(
        "values",
        "pool_padding_counts",
        safe_class,
        mean_class,
        IDS,
        witness=witness.values,
        why="The mean leaves padding out or takes it in.",
        frontends=BOTH,
    ),
    different(
        "values",
        "pool_sum_for_mean",
        mean_class,
        formula(bag_sum, TABLE),
        IDS,
        witness=witness.values,
        why="Sum against mean.",
    ),
    different(
        "values",
        "pool_root_n_for_mean",
        safe_class,
        formula(root_n, TABLE),
        IDS,
        witness=witness.values,
        why="Divided by the root of the count.",
        split="held_out",
    ),
    different(
        "values",
        "pool_other_padding_id",
        safe_class,
        formula(masked_mean_other_padding, TABLE),
        IDS,
        witness=witness.values,
        why="Padding is id 0 or the last id.",
    ),
    different(
        "values",
        "pool_all_padding",
        formula(masked_mean, TABLE),
        safe_class,
        IDS,
        witness=witness.values,
        why="A declared row of padding only gives NaN or zeros.",
        split="held_out",
    ),
    different(
        "values",
        "pool_masked_sum",
        formula(bag_sum, TABLE),
        formula(masked_sum, TABLE),
        IDS,
        witness=witness.values,
        why="The padding row is added or not.",
    ),
    different(
        "values",
        "pool_masked_maximum",
        formula(maximum, TABLE),
        formula(masked_maximum, TABLE),
        IDS,
        witness=witness.values,
        why="The padding row can be the maximum or not.",
        split="held_out",
    ),
    different(
        "values",
        "pool_over_width",
        formula(mean, SQUARE),
        formula(mean_over_width, SQUARE),
        IDS,
        witness=witness.values,
        why="The mean over tokens or over width, which are equally many.",
    ),
    different(
        "lifecycle",
        "pool_mask_lost",
        partial(wired_rows, True),
        partial(wired_rows, False),
        IDS,
        witness=witness.mask,
        why="Only the baseline gives a padding mask to the layer after it.",
    ),
)
