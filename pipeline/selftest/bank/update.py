"""Arms with equal values and gradients that train differently.  The arms are in `arms/update.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import formula, ids
from pipeline.selftest.arms.update import (
    D,
    R,
    T,
    V,
    bag_by_counts,
    bag_by_gather,
    dense_gather,
    gather,
    gather_of_distinct,
    one_hot,
    project_rows,
    project_table,
    wired_bag,
    wired_factors,
    wired_rows,
)
from pipeline.selftest.pair import Pair, different, same

IDS = ids(T, high=V - 1)
TABLE = {"table": (V, D)}
FACTORS = {"table": (V, R), "up": (R, D)}
RARE = ids(T, high=1)  # two ids only: nearly every batch repeats one
class_rows = formula(gather, TABLE)
adagrad = partial(witness.update, optimizer="Adagrad")

PAIRS: tuple[Pair, ...] = (
    same(
        "update_distinct_twice",
        formula(gather_of_distinct, TABLE),
        formula(gather_of_distinct, TABLE),
        IDS,
        why="One formula twice; XLA can't compile its data-dependent shape.",
    ),
    same(
        "update_factorized",
        formula(project_rows, FACTORS),
        wired_factors,
        IDS,
        split="held_out",
        why="Rows of a narrow table, projected; both gradients are sparse.",
    ),
    same("update_bag_twice", formula(bag_by_gather, TABLE), wired_bag, IDS, why="A sum of rows; both sparse."),
    different(
        "update",
        "update_gather_one_hot",
        class_rows,
        formula(one_hot, TABLE),
        IDS,
        witness=witness.update,
        why="Adam sees repeated ids unsummed in one arm and summed in the other.",
    ),
    different(
        "update",
        "update_embedding_one_hot",
        wired_rows,
        formula(one_hot, TABLE),
        RARE,
        witness=adagrad,
        why="The same under Adagrad, with two ids.",
        split="held_out",
    ),
    different(
        "update",
        "update_densified_table",
        wired_rows,
        formula(dense_gather, TABLE),
        IDS,
        witness=witness.update,
        why="Multiplying the table by one makes its gradient dense.",
    ),
    different(
        "update",
        "update_distinct_first",
        class_rows,
        formula(gather_of_distinct, TABLE),
        IDS,
        witness=witness.update,
        why="Gathering distinct ids first sums the gradient of repeated ones.",
    ),
    different(
        "update",
        "update_bag_by_counts",
        wired_bag,
        formula(bag_by_counts, TABLE),
        IDS,
        split="held_out",
        witness=witness.update,
        why="A bag as counts times the table has a dense gradient.",
    ),
    different(
        "update",
        "update_projected_table",
        formula(project_rows, FACTORS),
        formula(project_table, FACTORS),
        IDS,
        witness=witness.update,
        why="Projecting the whole table first makes its gradient dense.",
    ),
    different(
        "update",
        "update_clipped_norm",
        class_rows,
        formula(one_hot, TABLE),
        RARE,
        split="held_out",
        witness=partial(witness.update, optimizer="SGD", clipnorm=0.05),
        why="A norm is clipped before repeated ids are summed, so the slices' norm is another; Adam differs too.",
    ),
)
