"""Recurrences and carried states.  The arms are in `arms/recurrent.py`."""

from functools import partial

from pipeline.selftest import witness
from pipeline.selftest.arm import floats, formula, ids
from pipeline.selftest.arms.recurrent import (
    Carry,
    D,
    T,
    V,
    all_states,
    decayed_at_once,
    decayed_by_loop,
    decayed_faster,
    last_state,
    last_state_sigmoid,
    mean_state,
    wired_cell,
    wired_gru,
    wired_rnn,
    without_gradient_through_time,
)
from pipeline.selftest.pair import Pair, different, same

IDS = ids(T, high=V - 1)
CELL = {"table": (V, D), "kernel": (D, D), "recurrent": (D, D), "bias": (D,)}
DECAY = {"table": (V, D)}
X = floats(D)
by_loop = formula(last_state, CELL)

PAIRS: tuple[Pair, ...] = (
    same("recurrent_loop", by_loop, wired_rnn, IDS, why="tanh(x W + h U + b), unrolled or by SimpleRNN."),
    same("recurrent_over_cell", wired_rnn, wired_cell, IDS, why="SimpleRNN is RNN over its cell.", split="held_out"),
    same(
        "recurrent_decay_closed_form",
        formula(decayed_by_loop, DECAY),
        formula(decayed_at_once, DECAY),
        IDS,
        why="A decay of one half is a sum with the powers of one half.",
    ),
    same(
        "recurrent_carry_spelling",
        Carry,
        partial(Carry, spelling="add"),
        X,
        split="held_out",
        why="k s + m is s plus (m - (1 - k) s).",
    ),
    different(
        "values",
        "recurrent_mean_for_last",
        by_loop,
        formula(mean_state, CELL),
        IDS,
        witness=witness.values,
        why="The mean of the states or the last.",
    ),
    different(
        "values",
        "recurrent_sigmoid",
        wired_rnn,
        formula(last_state_sigmoid, CELL),
        IDS,
        split="held_out",
        witness=witness.values,
        why="sigmoid for tanh.",
    ),
    different(
        "values",
        "recurrent_backwards",
        wired_rnn,
        partial(wired_rnn, go_backwards=True),
        IDS,
        witness=witness.values,
        why="The steps are read backwards.",
    ),
    different(
        "interface",
        "recurrent_sequences",
        wired_rnn,
        formula(all_states, CELL),
        IDS,
        witness=witness.structure,
        why="All states or the last one.",
    ),
    different(
        "interface",
        "recurrent_gru_reset_after",
        partial(wired_gru, True),
        partial(wired_gru, False),
        IDS,
        witness=witness.structure,
        split="held_out",
        why="With reset_after there are two rows of bias.",
    ),
    different(
        "values",
        "recurrent_decay_rate",
        formula(decayed_by_loop, DECAY),
        formula(decayed_faster, DECAY),
        IDS,
        witness=witness.values,
        why="A decay of .4 for .5.",
    ),
    different(
        "gradient",
        "recurrent_no_gradient_through_time",
        formula(decayed_by_loop, DECAY),
        formula(without_gradient_through_time, DECAY),
        IDS,
        witness=witness.gradient,
        why="Only the last step has a gradient.",
    ),
    different(
        "state",
        "recurrent_carry_keep",
        Carry,
        partial(Carry, keep=0.4),
        X,
        witness=witness.state,
        why="The carried state keeps .5 or .4 of itself.",
    ),
    different(
        "state",
        "recurrent_carry_at_inference",
        Carry,
        partial(Carry, moves="training"),
        X,
        split="held_out",
        witness=partial(witness.state, training=False),
        why="The state moves at inference or does not.",
    ),
    different(
        "state",
        "recurrent_never_carries",
        Carry,
        partial(Carry, moves="never"),
        X,
        witness=witness.state,
        why="The state never moves, so the second call gives other values.",
    ),
)
