"""Losses, tracked weights, and what comes back from a file.  The arms are in `arms/lifecycle.py`."""

from functools import partial

import tensorflow as tf

from pipeline.selftest import witness
from pipeline.selftest.arm import floats
from pipeline.selftest.arms.lifecycle import (
    ForgetsActivation,
    ForgetsScale,
    ForgetsTrainable,
    Full32,
    HiddenVariable,
    Masked,
    N,
    SavesNothing,
    Scaled,
    Stack,
    U,
    Unconfigured,
    set_afterwards,
    wired_capture,
    wired_scaled,
    wired_stack,
)
from pipeline.selftest.pair import Pair, different, same

X, STEPS = floats(N), floats(3, N)
KERNEL = {"kernel": (N, U)}
steep = partial(Scaled, scale=2.5)

PAIRS: tuple[Pair, ...] = (
    same("lifecycle_configured", steep, partial(wired_scaled, 2.5), X, why="Every setting is in the config."),
    same(
        "lifecycle_regularised",
        partial(Scaled, penalty=0.01),
        partial(wired_scaled, penalty=0.01),
        X,
        why="The same penalty on the same kernel.",
        split="held_out",
    ),
    same("lifecycle_stack", Stack, wired_stack, X, why="A list of layers is tracked; three kernels of one shape."),
    same(
        "lifecycle_set_afterwards",
        steep,
        partial(set_afterwards, Scaled, scale=2.5),
        X,
        split="held_out",
        why="The config reads the attribute, however it was set.",
    ),
    same(
        "lifecycle_unconfigured",
        partial(wired_scaled, 2.5),
        partial(Unconfigured, tf.tanh),
        X,
        why="The candidate can't be saved and says so with an error; what it computes is the same.",
    ),
    different(
        "interface",
        "lifecycle_unregularised",
        partial(Scaled, penalty=0.01),
        wired_scaled,
        X,
        witness=witness.structure,
        why="The candidate has no penalty.",
    ),
    different(
        "interface",
        "lifecycle_penalty",
        partial(Scaled, penalty=0.01),
        partial(wired_scaled, penalty=0.1),
        X,
        witness=witness.losses,
        why="The penalty is .01 or .1.",
        split="held_out",
    ),
    different(
        "interface",
        "lifecycle_hidden_variable",
        Scaled,
        HiddenVariable,
        X,
        witness=witness.structure,
        why="The candidate's kernel is a raw variable: not tracked, not trained, not saved.",
    ),
    different(
        "interface",
        "lifecycle_captured_layer",
        wired_scaled,
        wired_capture,
        X,
        witness=witness.structure,
        why="The candidate's layer lives in a Lambda's closure: not tracked.",
        split="held_out",
    ),
    different(
        "lifecycle",
        "lifecycle_forgets_scale",
        steep,
        partial(ForgetsScale, scale=2.5),
        X,
        witness=witness.reload,
        why="Comes back with scale 1 for 2.5.",
    ),
    different(
        "lifecycle",
        "lifecycle_forgets_activation",
        partial(Scaled, activation="relu"),
        partial(ForgetsActivation, activation="relu"),
        X,
        witness=witness.reload,
        split="held_out",
        why="Comes back with tanh for relu.",
    ),
    different(
        "lifecycle",
        "lifecycle_forgets_frozen",
        partial(Scaled, trainable=False),
        partial(ForgetsTrainable, trainable=False),
        X,
        witness=witness.reload_trainable,
        why="Comes back trainable.",
    ),
    different(
        "lifecycle",
        "lifecycle_saves_nothing",
        Scaled,
        SavesNothing,
        X,
        witness=witness.reload,
        why="Comes back with weights drawn anew.",
    ),
    different(
        "lifecycle",
        "lifecycle_ignores_policy",
        Scaled,
        Full32,
        X,
        witness=witness.policy,
        split="held_out",
        why="Gives float32 under mixed_bfloat16.",
    ),
    different(
        "lifecycle",
        "lifecycle_mask_stopped",
        Masked,
        partial(Masked, hand_on=False),
        STEPS,
        witness=witness.mask_through,
        why="A mask that comes in goes on or is dropped without a word.",
    ),
)
