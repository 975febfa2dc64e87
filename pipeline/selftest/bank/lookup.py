"""Tables of trainable rows.  The arms are in `arms/lookup.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import formula, ids
from pipeline.selftest.arms.lookup import (
    D,
    T,
    V,
    clipped_gather,
    clipped_wide,
    gather,
    one_hot,
    take,
    wired_embedding,
    wired_one_hot,
    wrapped_wide,
    zero_row,
)
from pipeline.selftest.pair import Pair, different, same

IDS = ids(T, high=V - 1)
BOTH = ("keras", "tf_keras")
TABLE = {"table": (V, D)}
gather_class, one_hot_class = formula(gather, TABLE), formula(one_hot, TABLE)
WIDE = ids(T, high=V + 2)

PAIRS: tuple[Pair, ...] = (
    same("lookup_class_functional", gather_class, wired_embedding, IDS, why="Embedding gathers rows.", frontends=BOTH),
    same("lookup_gather_take", gather_class, formula(take, TABLE), IDS, why="take along axis 0 is gather."),
    same(
        "lookup_one_hot_twice",
        one_hot_class,
        wired_one_hot,
        IDS,
        why="One-hot times the table, both.",
        split="held_out",
    ),
    same(
        "lookup_one_hot_under_tf_keras",
        gather_class,
        one_hot_class,
        IDS,
        frontends=("tf_keras",),
        why="tf_keras sums repeated ids before an optimizer sees them.",
    ),
    same(
        "lookup_one_hot_under_sgd",
        wired_embedding,
        one_hot_class,
        IDS,
        optimizers=("sgd",),
        split="held_out",
        why="SGD is linear in the gradient, so repeated ids need no summing.",
    ),
    different(
        "values",
        "lookup_last_id_clipped",
        gather_class,
        formula(clipped_gather, TABLE),
        IDS,
        why="The last id of the vocabulary shares the row before it.",
        witness=witness.values,
        frontends=BOTH,
    ),
    different(
        "interface",
        "lookup_one_row_less",
        wired_embedding,
        partial(wired_embedding, V - 1),
        ids(T, high=V - 2),
        why="The tables have 16 and 15 rows.",
        witness=witness.structure,
    ),
    different(
        "values",
        "lookup_wraps_or_clips",
        formula(clipped_wide, TABLE),
        formula(wrapped_wide, TABLE),
        WIDE,
        why="Declared ids beyond the table wrap or stick to its end.",
        witness=witness.values,
        split="held_out",
    ),
    different(
        "values",
        "lookup_negative_id",
        formula(wrapped_wide, TABLE),
        one_hot_class,
        ids(T, low=-1, high=V - 1),
        why="The declared id -1 is the last row or zeros.",
        witness=witness.values,
    ),
    different(
        "values",
        "lookup_zero_row",
        gather_class,
        formula(zero_row, TABLE),
        IDS,
        witness=witness.values,
        why="Id 0 has a trained row or is zero.",
        split="held_out",
    ),
)
