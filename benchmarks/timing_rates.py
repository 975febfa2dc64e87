"""How often the interval of a time ratio holds the truth, and how often a quiet cell is called noisy.

    python benchmarks/timing_rates.py [--experiments 1000] [--output FILE.md]

Simulates time trials of two phases: normal noise of calls (1 %), one call in twenty slower by an exponential 30 %,
normal noise of blocks (1 %), and a normal effect of every arm in every process.  The truth is a ratio of 1.05, and 1
for the baseline against itself.  "Percentiles" are those of the bootstrap that draws processes, rounds and calls with
replacement and takes the middle 95 % of their means, for comparison.
"""

import argparse
from pathlib import Path

import numpy as np

from pipeline.analysis.ratios import process_ratios, ratio, redrawn
from pipeline.analysis.timing import CANDIDATE, CONTROL, CONTROL_LEVEL, LEVEL, is_one
from pipeline.records import PHASES

TRUTH = 1.05
DRAWS = 500
SETTINGS = [(processes, between) for processes in (3, 5, 10) for between in (0.0, 0.005, 0.02)]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--output", type=Path, help="a file for the table, in Markdown")
    arguments = parser.parse_args()
    lines = [
        "| processes | effect of each | interval holds the truth | percentiles do | called noisy | half an interval |",
        "|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for processes, between in SETTINGS:
        lines.append(_row(processes, between, arguments.experiments))
        print(lines[-1], flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(processes: int, between: float, experiments: int) -> str:
    rng = np.random.default_rng([processes, round(1e4 * between)])
    found = [_experiment(rng, processes, between) for _ in range(experiments)]
    held, percentiles, noisy, half = np.mean(found, axis=0)
    return f"| {processes} | {between:.1%} | {held:.1%} | {percentiles:.1%} | {noisy:.1%} | {half:.2%} |"


def _experiment(rng: np.random.Generator, processes: int, between: float) -> tuple[bool, bool, bool, float]:
    """Whether the interval and the percentiles hold the truth, whether the cell is noisy, and half the interval."""
    phases = [_logs(rng, processes, between) for _ in PHASES]
    found = ratio(phases[0], CANDIDATE, rng, level=LEVEL, draws=DRAWS)
    controls = [ratio(logs, CONTROL, rng, level=CONTROL_LEVEL, draws=DRAWS) for logs in phases]
    low, high = _percentiles(rng, phases[0])
    return (
        found.low <= TRUTH <= found.high,
        low <= np.log(TRUTH) <= high,
        not all(map(is_one, controls)),
        (found.high - found.low) / 2,
    )


def _logs(rng: np.random.Generator, processes: int, between: float) -> np.ndarray:
    """(P, A, R, H, K)."""
    shape = (processes, 3, 4, 2, 5)
    logs = rng.normal(0, 0.01, shape) + (rng.random(shape) < 0.05) * rng.exponential(0.3, shape)
    logs += rng.normal(0, 0.01, (*shape[:4], 1)) + rng.normal(0, between / np.sqrt(2), (processes, 3, 1, 1, 1))
    logs[:, CANDIDATE] += np.log(TRUTH)
    return logs


def _percentiles(rng: np.random.Generator, logs_PARHK: np.ndarray) -> np.ndarray:
    processes = len(process_ratios(logs_PARHK, CANDIDATE))
    drawn_DP = rng.integers(0, processes, (DRAWS, processes))
    means_D = redrawn(logs_PARHK[:, [0, CANDIDATE]], drawn_DP, rng).mean(axis=1)
    return np.quantile(means_D, [0.025, 0.975])


if __name__ == "__main__":
    main()
