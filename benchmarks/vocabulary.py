"""Time of a training step against the size of the vocabulary: ours, stock Keras, tf_keras, torch and a floor.

Command    python -m benchmarks.vocabulary [--rounds N] [--vocabularies 10000,…] [--memory-gib G] [--output FILE]
           (12 rounds up to 10^7 rows: some minutes on two cores, 8 GiB.  torch is measured where it is installed, in
           a build without triton, which crashes beside TensorFlow: the one for CPUs)
Expect     a Markdown document: step times, ratios, goals met or not.  Arms too large for G are named.

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
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tf_keras
from scipy import stats

from benchmarks.vocabulary_arms import ARMS, FLOOR, PARTS, Build, D, Step
from pipeline.environment import capture, cores
from pipeline.records import Capacity

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
    """Median and interval."""
    return "{:.3g} [{:.3g}, {:.3g}]".format(*interval(values_R))


def table(times: Times, rows: Sequence[str], vocabularies: Sequence[int], cell: Callable[[str, int], Any]) -> str:
    """Markdown: an arm per row, a vocabulary per column."""
    lines = [["", *(f"{vocabulary:.0e}" for vocabulary in vocabularies)], ["---"] * (1 + len(vocabularies))]
    lines += [[r, *(shown(cell(r, v)) if (r, v) in times else "–" for v in vocabularies)] for r in rows]
    return _markdown(lines)


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals(times: Times, arms: Sequence[str], ours: Sequence[str]) -> str:
    """What is to be shown, for each of our optimizers; `–` where a side was not measured."""
    lines = [["ratio", "measured", "goal", ""], ["---"] * 4]
    for own in ours:
        lines.append(_goal(times, (own, 10**7), (own, 10**5), FLAT, "most"))
        lines += [_goal(times, (own, v), (FLOOR, v), FLOORS, "most") for v in (10**5, 10**6, 10**7)]
        lines += [
            _goal(times, (arm, v), (own, v), 1, "least")
            for arm in arms
            if arm.startswith("torch")
            for v in (10**6, 10**7)
        ]
    if "lazy_adam" in ours:
        lines.append(_goal(times, ("Keras 3 Adam", 5 * 10**6), ("lazy_adam", 5 * 10**6), FASTER, "least"))
    return _markdown(lines)


def _goal(times: Times, top: tuple[str, int], bottom: tuple[str, int], bound: float, kind: str) -> list[str]:
    """Met or not met where the whole interval says so, else open."""
    names = [f"{arm} at {v:.0e}" for arm, v in (top, bottom)]
    said = [" / ".join(names), "–", f"{'≤' if kind == 'most' else '≥'} {bound:g}", "not measured"]
    if {top, bottom} <= set(times):
        _, low, high = interval(ratio_R := times[top] / times[bottom])
        met, missed = (high <= bound, low > bound) if kind == "most" else (low >= bound, high < bound)
        said[1:4:2] = [shown(ratio_R), "met" if met else "**not met**" if missed else "open: the interval spans it"]
    return said


def section(optimizer: str, vocabularies: Sequence[int], rounds: int, gib: float) -> str:
    """Everything of one optimizer, as Markdown."""
    arms = list(ARMS[optimizer])
    ours = arms[: arms.index(FLOOR)]
    times = measured(built(ARMS[optimizer], vocabularies, gib), rounds, np.random.default_rng(0))
    steps = table(times, arms, vocabularies, lambda arm, v: times[arm, v])
    beside = [arm for arm in arms if arm != ours[0]]
    ratios = table(times, beside, vocabularies, lambda arm, v: times[arm, v] / times[ours[0], v])
    parts = [f"## {optimizer}", "Milliseconds a step:", steps, f"Times the step of {ours[0]}:", ratios]
    return "\n\n".join([*parts, goals(times, arms, ours)])


def parts(vocabularies: Sequence[int], rounds: int, gib: float) -> str:
    """Where a step's time goes; by itself each part has a call of its own, so they add up to more than a step."""
    times = measured(built(PARTS, vocabularies, gib), rounds, np.random.default_rng(0))
    steps = table(times, list(PARTS), vocabularies, lambda part, v: times[part, v])
    ratios = table(times, list(PARTS)[:-1], vocabularies, lambda part, v: times[part, v] / times[FLOOR, v])
    return "\n\n".join(["## Parts of a step", "Milliseconds:", steps, "Times the floor:", ratios])


def about(rounds: int) -> str:
    """Command, date, machine, versions."""
    there = capture(Capacity(cpus=cores()))
    torch = version("torch") if importlib.util.find_spec("torch") else "absent"
    return (
        f"    python -m benchmarks.vocabulary {shlex.join(sys.argv[1:])}\n\n"
        f"{F} features × batch {B} × width {D}, Zipf ids; {rounds} rounds of {STEPS} steps; median [95 % interval].  "
        f"{date.today()}, {there.cpu}, {there.cores} CPUs, {there.memory_gib:g} GiB, "
        f"load {os.getloadavg()[0]:.1f} before; Python {there.python}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}, tf_keras {tf_keras.__version__}, torch {torch}."
    )


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--vocabularies", default="10000,100000,1000000,5000000,10000000")
    parser.add_argument("--optimizers", default=",".join(ARMS))
    parser.add_argument("--memory-gib", type=float, default=8.0)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    vocabularies = [int(each) for each in chosen.vocabularies.split(",")]
    document = [f"# Step time against vocabulary\n\n{about(chosen.rounds)}"]
    for optimizer in chosen.optimizers.split(","):
        document.append(section(optimizer, vocabularies, chosen.rounds, chosen.memory_gib))
        gc.collect()  # the last optimizer's tables: a traced function is a cycle of references
    document.append(parts(vocabularies, chosen.rounds, chosen.memory_gib))
    print(text := "\n\n".join(document))
    if chosen.output:
        chosen.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
