"""Does the clock of time trials find a slow-down that is known?

    python -m benchmarks.clock [--processes 5] [--rounds 4] [--cpu-time] [--output FILE.md]

The arms are all the projection family's class-based one, on made-up pictures of 784 numbers.  In each of so many fresh
processes it is timed against itself three times, by the protocol of time trials; the candidate keeps the CPU busy after
every call until (1 + slow-down) times the call's own time is over.  So its slow-down is exact, call by call, whatever
the machine does: 0, 5 and 20 %.  Found means: the estimate is within 2 points of the truth, and the interval holds it.
Other work on the machine counts: leave it alone, or try the protocol with --cpu-time, on a clock that runs only while
the process does.  Ends with 1 where a slow-down is missed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from pipeline.analysis.ratios import ratio
from pipeline.analysis.timing import CONTROL_LEVEL, LEVEL, interval, logs
from pipeline.cluster.profile_environment import profile_environment
from pipeline.records import (
    PHASES,
    Cell,
    Dataset,
    Examples,
    PhaseTiming,
    Profile,
    Resources,
    Strategy,
    TimeTrial,
    Timing,
    Training,
)

SLOW_DOWNS = (0.0, 0.05, 0.2)
POINTS = 0.02
PROFILE = Profile()
# By slow-down and phase.
Found = dict[str, dict[str, PhaseTiming]]
Clock = Callable[[], float]


def main() -> None:
    """Runs the processes one after another and prints the table."""
    arguments = _arguments()
    if arguments.process is not None:
        clock = time.process_time if arguments.cpu_time else time.perf_counter
        sys.stdout.buffer.write(msgspec.json.encode(_process(arguments.process, arguments.rounds, clock)))
        return
    before = os.getloadavg()[0]
    options = [f"--rounds={arguments.rounds}", *(["--cpu-time"] if arguments.cpu_time else [])]
    found = [_in_fresh_process(number, options) for number in range(arguments.processes)]
    rows = [_row(slow_down, phase, found) for slow_down in SLOW_DOWNS for phase in PHASES]
    lines = [
        "| slow-down | phase | found, 95 % interval | baseline against itself, 97.5 % interval | |",
        "|---|---|---|---|---|",
        *(line for line, _ in rows),
        "",
        f"{arguments.processes} processes, {arguments.rounds} rounds; {os.cpu_count()} CPUs, "
        f"load average {before:.1f} at the beginning, {os.getloadavg()[0]:.1f} at the end.",
    ]
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(not all(right for _, right in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--cpu-time", action="store_true", help="a clock that runs only while the process does")
    parser.add_argument("--output", type=Path, help="a file for the table, in Markdown")
    parser.add_argument("--process", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_fresh_process(number: int, options: list[str]) -> Found:
    command = [sys.executable, __file__, f"--process={number}", *options]
    environment = {**os.environ, **profile_environment(PROFILE)}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    return msgspec.json.decode(done.stdout, type=Found)


def _process(number: int, rounds: int, clock: Clock) -> Found:
    from pipeline.timing.arms import build
    from pipeline.timing.blocks import measure
    from pipeline.timing.energy import Meter
    from pipeline.timing.programs import resident
    from pipeline.training import feed, process, strategy

    process.configure(PROFILE)
    trial, dataset = _trial(number, rounds), _pictures()
    over = strategy.build(trial.cell.strategy, PROFILE)
    element = next(feed.batches(dataset, trial.training, trial.seed, over, range(1)))
    baseline, _, control = build(trial, dataset, over, resident(element, over))
    return {
        str(slow_down): {
            phase: measure(
                [
                    baseline.programs[phase],
                    _slowed(baseline.programs[phase], slow_down, clock),
                    control.programs[phase],
                ],
                trial.timing,
                Meter(),
                clock,
            )
            for phase in PHASES
        }
        for slow_down in SLOW_DOWNS
    }


def _slowed(arm: Callable[[int], float], slow_down: float, clock: Clock) -> Callable[[int], float]:
    """The same arm, which keeps the CPU busy for that share of its own time before it returns."""

    def run(steps: int) -> float:
        began = clock()
        found = arm(steps)
        end = began + (1 + slow_down) * (clock() - began)
        while clock() < end:
            pass
        return found

    return run


def _row(slow_down: float, phase: str, found: list[Found]) -> tuple[str, bool]:
    logs_PARHK = logs([each[str(slow_down)][phase] for each in found])
    candidate = ratio(logs_PARHK, 1, np.random.default_rng(0), level=LEVEL)
    control = ratio(logs_PARHK, 2, np.random.default_rng(0), level=CONTROL_LEVEL)
    truth = 1 + slow_down
    right = abs(candidate.value - truth) <= POINTS and candidate.low <= truth <= candidate.high
    word = "found" if right else "missed"
    return f"| {slow_down:.0%} | {phase} | {interval(candidate)} | {interval(control)} | {word} |", right


def _trial(number: int, rounds: int) -> TimeTrial:
    return TimeTrial(
        id="clock",
        cell=Cell("projection", "class", "functional", "pictures", Strategy("one_device")),
        process=number,
        seed=0,
        training=Training(global_batch=100),
        timing=Timing(rounds=rounds),
        options={"units": 64},
        profile=PROFILE,
        resources=Resources(),
    )


def _pictures() -> Dataset:
    inputs = np.random.default_rng(0).random((400, 784)).astype("float32")
    targets = inputs[:, :10].argmax(axis=1).astype("int32")
    train, test = (Examples({"vectors": inputs[cut]}, targets[cut]) for cut in (slice(300), slice(300, None)))
    return Dataset("pictures", "classification", train, test, outputs=10)


if __name__ == "__main__":
    main()
