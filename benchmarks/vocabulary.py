"""Time of a training step against the size of the vocabulary: ours, stock Keras, tf_keras, torch and a floor.

Command    python -m benchmarks.vocabulary [--rounds N] [--vocabularies 10000,…] [--memory-gib G] [--output FILE]
           (12 rounds up to 10^7 rows: some minutes on two cores, 8 GiB.  torch is measured where it is installed, in
           a build without triton, which crashes beside TensorFlow: the one for CPUs)
Expect     a Markdown document: step times, ratios, and what they should be.  Arms too large for G are named.

A step looks N ids up in one table, takes the gradient of a loss and lets the optimizer move the table.  The floor is
what no step can do without: gather the batch's rows from a table, write them back.  A round runs every arm at every
vocabulary in a new random order, some steps in a row as a training does; a ratio is taken within each round.  Shown is
the median over the rounds with a 95 % bootstrap interval.

F features, B batch, N = F·B ids of a batch, V vocabulary (rows of all features together), D width, R rounds.
"""

import argparse
import gc
import importlib.util
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tf_keras
from scipy import stats

from benchmarks.vocabulary_arms import ARMS, FLOOR, Build, D, Step

F, B = 26, 2048
BATCHES, STEPS, WARM_UP = 8, 4, 2
FLAT, FASTER, FLOORS = 2.5, 20, 3

Times = Mapping[tuple[str, int], Any]  # (arm, V) -> ms_R, a step's


def zipf_ids(vocabulary: int, random: np.random.Generator) -> Any:
    """[BATCHES, N] int32.  Each feature has V / F rows; the k-th most frequent has a chance of about 1 / k."""
    own = vocabulary // F
    ranks_KFB = (own ** random.random((BATCHES, F, B))).astype(np.int64) - 1
    scattered_KFB = ranks_KFB * 2_654_435_761 % own + own * np.arange(F)[:, None]
    return scattered_KFB.reshape(BATCHES, F * B).astype(np.int32)


def built(
    arms: Mapping[str, tuple[float, Build]], vocabularies: Sequence[int], gib: float
) -> dict[tuple[str, int], Step]:
    """The arms that are installed and fit into memory together, smaller vocabularies first; the others are named."""
    steps, left = {}, gib * 2**30
    for vocabulary in vocabularies:
        for name, (tables, build) in arms.items():
            size = tables * vocabulary * D * 4
            if size > left:
                print(f"{name} at {vocabulary:.0e} needs {size / 2**30:.1f} GiB more: left out", file=sys.stderr)
            elif not name.startswith("torch") or importlib.util.find_spec("torch"):
                left -= size
                steps[name, vocabulary] = build(vocabulary)
    return steps


def measured(steps: Mapping[tuple[str, int], Step], rounds: int, random: np.random.Generator) -> Times:
    """Every arm at every vocabulary once a round, after the warm-up rounds."""
    ids = {vocabulary: zipf_ids(vocabulary, random) for _, vocabulary in steps}
    times: dict[tuple[str, int], list[float]] = {at: [] for at in steps}
    cells = list(steps)
    for _ in range(WARM_UP + rounds):
        for index in random.permutation(len(cells)):
            at = cells[index]
            batches_KN = random.permutation(ids[at[1]])[:STEPS]
            began = time.perf_counter()
            for ids_N in batches_KN:
                steps[at](ids_N)
            times[at].append(1e3 * (time.perf_counter() - began) / STEPS)
    return {at: np.array(ms[WARM_UP:]) for at, ms in times.items()}


def interval(values_R: Any) -> tuple[float, float, float]:
    """(median, low, high)."""
    found = stats.bootstrap((values_R,), np.median, method="percentile", rng=np.random.default_rng(0))
    return float(np.median(values_R)), *map(float, found.confidence_interval)


def shown(values_R: Any) -> str:
    return "{:.3g} [{:.3g}, {:.3g}]".format(*interval(values_R))


def table(times: Times, rows: Sequence[str], vocabularies: Sequence[int], cell: Callable[[str, int], Any]) -> str:
    """Markdown: an arm per row, a vocabulary per column."""
    lines = [["", *(f"{vocabulary:.0e}" for vocabulary in vocabularies)], ["---"] * (1 + len(vocabularies))]
    lines += [[r, *(shown(cell(r, v)) if (r, v) in times else "–" for v in vocabularies)] for r in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals(times: Times, ours: str, optimizer: str) -> str:
    """The ratios that are to be shown, where both sides were measured."""
    wanted = [(f"{ours} at 1e7 / at 1e5", (ours, 10**7), (ours, 10**5), f"≤ {FLAT}")]
    wanted += [(f"{ours} / floor at {v:.0e}", (ours, v), (FLOOR, v), f"≤ {FLOORS}") for v in (10**5, 10**6, 10**7)]
    if optimizer == "Adam":
        wanted.append(
            ("Keras 3 Adam / lazy_adam at 5e6", ("Keras 3 Adam", 5 * 10**6), (ours, 5 * 10**6), f"≥ {FASTER}")
        )
    torch_arm = next(arm for arm in ARMS[optimizer] if arm.startswith("torch"))
    wanted += [(f"{torch_arm} / {ours} at {v:.0e}", (torch_arm, v), (ours, v), "≥ 1") for v in (10**6, 10**7)]
    lines = [
        f"| {what} | {shown(times[a] / times[b])} | {goal} |" for what, a, b, goal in wanted if {a, b} <= set(times)
    ]
    return "\n".join(["| ratio | measured | goal |", "| --- | --- | --- |", *lines])


def section(optimizer: str, vocabularies: Sequence[int], rounds: int, gib: float) -> str:
    arms = ARMS[optimizer]
    times = measured(built(arms, vocabularies, gib), rounds, np.random.default_rng(0))
    ours = next(iter(arms))
    steps = table(times, list(arms), vocabularies, lambda arm, v: times[arm, v])
    ratios = table(times, [a for a in arms if a != ours], vocabularies, lambda arm, v: times[arm, v] / times[ours, v])
    parts = [
        f"## {optimizer}",
        "Milliseconds a step:",
        steps,
        f"Times the step of {ours}:",
        ratios,
        goals(times, ours, optimizer),
    ]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--vocabularies", default="10000,100000,1000000,5000000,10000000")
    parser.add_argument("--optimizers", default=",".join(ARMS))
    parser.add_argument("--memory-gib", type=float, default=8.0)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    vocabularies = [int(each) for each in chosen.vocabularies.split(",")]
    torch = f"torch {version('torch')}" if importlib.util.find_spec("torch") else "torch absent"
    about = (
        f"{F} features × batch {B} × width {D}, Zipf ids; {chosen.rounds} rounds of {STEPS} steps; median "
        f"[95 % interval].  {platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f}; "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}, tf_keras {tf_keras.__version__}, {torch}."
    )
    document = [f"# Step time against vocabulary\n\n{about}"]
    for optimizer in chosen.optimizers.split(","):
        document.append(section(optimizer, vocabularies, chosen.rounds, chosen.memory_gib))
        gc.collect()  # the last optimizer's tables: a traced function is a cycle of references
    print(text := "\n\n".join(document))
    if chosen.output:
        chosen.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
