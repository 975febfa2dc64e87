"""How often a verdict is wrong, and how often right: the product's own statistics on data of which the truth is known.

Command    python -m benchmarks.verdict_rates [--experiments N] [--output docs/verdicts.md]
           (10,000 experiments per figure, a tenth of it for the slow ones: 10 minutes of one core)
Expect     tables in Markdown.  With --output they replace what stands in that file below its line
           "<!-- benchmarks.verdict_rates -->".
"""

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import scipy

from benchmarks.verdict_experiments import (
    DRAWS,
    LIMITS,
    NARROW,
    WIDE,
    advised,
    claims,
    coverage,
    family_errors,
    looked_at,
    margins_of_sd,
    worst_errors,
)
from pipeline.analysis.power import POWER
from pipeline.analysis.resampling import bca_interval, places
from pipeline.analysis.statistics import LEVEL, Floats, t_interval
from pipeline.config import AUTO_LOOKS
from pipeline.environment import capture, cores
from pipeline.records import Capacity, Margin

SEEDS = (3, 5, 10)
CELLS = 10
MARKER = "<!-- benchmarks.verdict_rates -->"
ADVISED = (
    (0.0, Margin(1.0)),
    (0.5, Margin(1.0)),
    (1.5, Margin(1.0)),
    (0.0, Margin(0.5, of_sd=True)),
    (0.5, Margin(0.5, of_sd=True)),
    (2.5, Margin(0.5, of_sd=True)),
)

Row = Sequence[str]
EVERY = {**DRAWS, **LIMITS}


def intervals(experiments: int) -> str:
    """Coverage of both intervals."""
    title, of_bca = "### Does a 95 % interval hold the true mean?", max(1_000, experiments // 10)
    rows = []
    for name, seeds in product(EVERY, SEEDS):
        rng = _rng()
        student = coverage(EVERY[name], seeds, experiments, t_interval, rng)
        bca = coverage(EVERY[name], seeds, of_bca, _redrawn(rng), rng)
        rows.append((name, str(seeds), percent(student), percent(bca)))
    text = f"{experiments:,} experiments (BCa: {of_bca:,})."
    return section(title, text, ("differences", "seeds", "Student's t", "BCa"), rows)


def _redrawn(rng: np.random.Generator) -> Callable[[Floats], tuple[float, float]]:
    """The bootstrap interval from draws of its own for each sample."""
    return lambda sample_S: bca_interval(sample_S, places(len(sample_S), rng))


def errors(experiments: int) -> str:
    """False claims, and power where the arms are the same."""
    title = "### How often is a claim false?"
    text = (
        f"The true mean lies on an end of the margin, so both claims are false: the worst of both ends and of margins "
        f"of {NARROW:g} and {WIDE:g} standard deviations of the difference. Last column: equal arms under a margin of "
        f"{2 * WIDE:g} standard deviations. {experiments:,} experiments."
    )
    rows = []
    for name, seeds in product(EVERY, SEEDS):
        found = worst_errors(EVERY[name], seeds, experiments, _rng())
        power, _ = claims(EVERY[name], seeds, experiments, 0.0, 2 * WIDE, _rng())
        rows.append((name, str(seeds), *map(percent, found), percent(power)))
    head = ("differences", "seeds", "false `equivalent`", "false `different`", "`equivalent` of equal arms")
    return section(title, text, head, rows)


def deviations(experiments: int) -> str:
    """Margins in standard deviations of the baseline."""
    title, fewer = "### Margins in standard deviations of the baseline", max(1_000, experiments // 10)
    text = (
        f"The true mean lies on the margin. Naive: the margin taken from the same seeds' standard deviation as if it "
        f"were known. {fewer:,} experiments."
    )
    rows = [
        (
            name,
            f"{of_sd:g}sd",
            f"{alike:g}",
            str(seeds),
            *map(percent, margins_of_sd(draw, seeds, fewer, of_sd, alike, _rng())),
        )
        for (name, draw), of_sd, alike, seeds in product(list(DRAWS.items())[:2], (0.5, 1.5), (0.5, 0.9, 0.99), SEEDS)
    ]
    claimed = ("naive false `equivalent`", "false `equivalent`", "false `different`")
    return section(title, text, ("metric", "margin", "correlation of the arms", "seeds", *claimed), rows)


def families(experiments: int) -> str:
    """False claims anywhere in a run."""
    title, runs = f"### A whole run of {CELLS} cells", max(1_000, experiments // 10)
    text = (
        f"Half of the cells are equal, half on the margin of {WIDE:g} standard deviation: how often is any claim "
        f"false? {runs:,} runs."
    )
    rows = [
        (name, str(seeds), *map(percent, family_errors(draw, seeds, CELLS, runs, _rng())))
        for (name, draw), seeds in product(DRAWS.items(), SEEDS)
    ]
    claimed = ("any false `equivalent` without Holm", "any false `equivalent`", "any false `different`")
    return section(title, text, ("differences", "seeds", *claimed), rows)


def sequences(experiments: int) -> str:
    """`seeds: auto`: wrong on the margin, right elsewhere."""
    text = (
        f"Looks at {', '.join(map(str, AUTO_LOOKS))} seeds, margin {WIDE:g} standard deviation; with a true mean of "
        f"{WIDE:g} both claims are false. Naive: each look tested at the whole level. {experiments:,} experiments."
    )
    rows = []
    for (name, draw), mean in product(DRAWS.items(), (0.0, WIDE, 2 * WIDE)):
        equivalent, different, used, naive = looked_at(draw, AUTO_LOOKS, experiments, mean, WIDE, _rng())
        rows.append((name, f"{mean:g}", percent(equivalent), percent(different), f"{used:.1f}", percent(naive)))
    head = ("differences", "true mean", "`equivalent`", "`different`", "seeds used, mean", "naive `equivalent`")
    return section("### `seeds: auto`", text, head, rows)


def advice(experiments: int) -> str:
    """Whether as many seeds as advised decide."""
    fewer = max(1_000, experiments // 10)
    text = (
        f"The advice aims at {POWER:.0%}. Normal differences of standard deviation 1, baseline of standard deviation "
        f"3. {fewer:,} experiments."
    ).replace("%", " %")
    rows = []
    for mean, margin in ADVISED:
        seeds, decided = advised(mean, margin, fewer, _rng())
        rows.append((f"{mean:g}", f"{margin.size:g}{'sd' if margin.of_sd else ''}", str(seeds), percent(decided)))
    head = ("true mean", "margin", "seeds advised", "decided")
    return section("### Do as many seeds as advised decide?", text, head, rows)


SECTIONS = (intervals, errors, deviations, families, sequences, advice)


def section(title: str, text: str, head: Row, rows: Sequence[Row]) -> str:
    """A heading, what was done, and a table, in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n\n".join([title, text, "\n".join(f"| {' | '.join(line)} |" for line in lines)])


def about() -> str:
    """Command, date, machine, versions."""
    there = capture(Capacity(cpus=cores()))
    return (
        f"    python -m benchmarks.verdict_rates {shlex.join(sys.argv[1:])}\n\n"
        f"{date.today()}, {there.cpu}, {there.cores} CPUs, load {os.getloadavg()[0]:.1f}; Python {there.python}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}. A claim is tested at {percent(LEVEL)}."
    )


def percent(share: float) -> str:
    """`4.9 %`."""
    return f"{100 * share:.1f} %"


def _rng() -> np.random.Generator:
    """The same draws for every row, so that no row depends on which others there are."""
    return np.random.default_rng(20_260_101)


def main() -> None:
    """Prints, or writes below the marker."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--experiments", type=int, default=10_000)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    experiments = max(1_000, arguments.experiments)
    found = "\n\n".join([about(), *(write(experiments) for write in SECTIONS)])
    if arguments.output is None:
        print(found)
        return
    above, marker, _ = arguments.output.read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        sys.exit(f"{arguments.output}: has no line {MARKER}; add it where the tables belong")
    arguments.output.write_text(f"{above}{MARKER}\n\n{found}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
