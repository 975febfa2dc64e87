"""Tables behind arithmetic on ids.  The arms are in `arms/hashing.py`."""

from pipeline.selftest import witness
from pipeline.selftest.arm import formula, ids
from pipeline.selftest.arms.hashing import (
    D,
    Q,
    T,
    V,
    column_by_column,
    fused_at_once,
    fused_by_loop,
    fused_wrong_offset,
    hashed,
    hashed_in_64_bits,
    hashed_overflowing,
    hashed_with_other_multiplier,
    quotient_remainder,
    quotient_then_remainder,
    remainder_then_quotient,
    wired_columns,
    wired_hashed,
    wired_quotient_remainder,
)
from pipeline.selftest.pair import Pair, different, same

IDS = ids(T, high=V - 1)
TABLE = {"table": (V, D)}
QR = {"quotient": (Q, D), "remainder": (Q, D)}
three_tables = {f"table_{column}": (4, D) for column in range(3)}
COLUMNS = ids(3, high=3)

PAIRS: tuple[Pair, ...] = (
    same("lookup_hashed", formula(hashed, TABLE), wired_hashed, IDS, why="The same hash in both styles."),
    same(
        "lookup_quotient_remainder",
        formula(quotient_remainder, QR),
        wired_quotient_remainder,
        IDS,
        why="Two tables of one shape, by quotient and by remainder.",
    ),
    same(
        "lookup_multi_table",
        formula(column_by_column, three_tables),
        wired_columns,
        COLUMNS,
        split="held_out",
        why="A table per column, concatenated.",
    ),
    same(
        "lookup_fused_loop",
        formula(fused_by_loop, {"table": (12, D)}),
        formula(fused_at_once, {"table": (12, D)}),
        COLUMNS,
        why="One table with offsets, by a loop or by one gather.",
    ),
    different(
        "values",
        "lookup_hash_multiplier",
        formula(hashed, TABLE),
        formula(hashed_with_other_multiplier, TABLE),
        IDS,
        why="The multipliers give other buckets.",
        witness=witness.values,
    ),
    different(
        "values",
        "lookup_hash_overflow",
        formula(hashed_overflowing, TABLE),
        formula(hashed_in_64_bits, TABLE),
        ids(T, high=60_000),
        split="held_out",
        witness=witness.values,
        why="Above id 53,020 the product leaves int32 and wraps.",
    ),
    different(
        "values",
        "lookup_parts_in_other_order",
        formula(quotient_then_remainder, QR),
        formula(remainder_then_quotient, QR),
        IDS,
        witness=witness.values,
        why="The first half is picked by quotient or by remainder; no renaming of the tables mends that.",
    ),
    different(
        "values",
        "lookup_wrong_offset",
        formula(fused_at_once, {"table": (12, D)}),
        formula(fused_wrong_offset, {"table": (12, D)}),
        COLUMNS,
        witness=witness.values,
        why="The third column starts one row too early.",
    ),
)
