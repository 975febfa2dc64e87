"""What running trials costs beside the trials: ours, Ray Tune's two ways, a bare loop, KerasTuner, in one sitting.

Command    python -m benchmarks.orchestration [--rounds 3] [--sizes real,short,empty] [--output FILE]
           (pip install 'layerparity[benchmarks]'; twenty minutes on two cores; leave the machine alone)
Expect     a Markdown document: seconds a trial, ratios within a round, what they should be, cost against number.

A size's work is fixed beforehand: so many steps that a trial takes its seconds in a process for itself.  A round runs
every arm once, in a new random order, each in a process of its own that begins with nothing; a ratio is taken within
each round.  Shown is the median over the rounds, with the least and the most.  A slow arm runs fewer trials: what is
compared is seconds a trial from when the first has begun, so that its start does not count against it.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import msgspec

from benchmarks.orchestration_arms import ARMS, Ran, environment, measure
from benchmarks.orchestration_books import Books
from benchmarks.orchestration_books import measured as books_of
from benchmarks.orchestration_document import BOOKS, document
from benchmarks.orchestration_figure import drawn
from benchmarks.orchestration_work import calibrated


@dataclass(frozen=True)
class Size:
    """What a trial does, for how long by itself, and how many of them each arm runs in a round."""

    kind: str
    seconds: float
    trials: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """All that was measured: the arms by size and round, and growth by what is done with the trials."""

    about: str
    cores: int
    measured: dict[str, list[dict[str, Ran]]]
    growth: dict[str, list[Books]]


AGAIN = "  What stands under “Against their number” was measured afterwards, by "
SIZES: Mapping[str, Size] = {
    "real": Size("real", 1.0, {"ours": 32, "tune": 8, "tune reused": 32, "loop": 16, "kerastuner": 16}),
    "short": Size("short", 0.1, {"ours": 1000, "tune": 16, "tune reused": 200, "loop": 100, "kerastuner": 100}),
    "empty": Size("empty", 0.0, {"ours": 2000, "tune": 8, "tune reused": 200, "loop": 2000, "kerastuner": 200}),
}
GROWTH: Mapping[str, tuple[Sequence[int], int]] = {  # how many trials, and how often, by what is done with them
    "plan": ((1_000, 3_000, 10_000, 30_000, 100_000), 3),
    "record": ((1_000, 2_000, 4_000, 7_000, 10_000), 3),
    "run": ((1_000, 2_000, 4_000, 7_000, 10_000), 1),
}


def rounds_of(size: Size, rounds: int) -> list[dict[str, Ran]]:
    """What each arm took in each round."""
    steps = int(_in_its_process(["--calibrate", size.kind], environment(size.kind, 0)))
    variables, order = environment(size.kind, steps), random.Random(0)
    found = []
    for number in range(rounds):
        ran = {}
        for arm in order.sample([*ARMS], len(ARMS)):
            told = _in_its_process(["--one", arm, "--trials", str(size.trials[arm])], variables)
            ran[arm] = Ran(**json.loads(told))
            print(f"{size.kind}, round {number + 1}: {arm}: {told}", file=sys.stderr, flush=True)
        found.append(ran)
    return found


def growth() -> dict[str, list[Books]]:
    """Planning, bookkeeping and whole runs of more and more trials: of several times each the middle one."""
    os.environ.update(environment("empty", 0))
    found: dict[str, list[Books]] = {}
    for what, (numbers, times) in GROWTH.items():
        for number in numbers:
            each = sorted((books_of(what, number) for _ in range(times)), key=lambda books: books.running)
            found.setdefault(what, []).append(each[times // 2])
            print(f"{what}: {each}", file=sys.stderr, flush=True)
    return found


def _in_its_process(arguments: Sequence[str], variables: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "benchmarks.orchestration", *arguments]
    done = subprocess.run(command, env=dict(variables), stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]


def command() -> str:
    """What was typed."""
    return " ".join(["python", "-m", "benchmarks.orchestration", *sys.argv[1:]])


def about() -> str:
    """How it was measured, and on what."""
    packages = ("ray", "keras-tuner", "tensorflow", "keras")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return (
        f"`{command()}`: the median over the rounds [the least, the most].  {platform.machine()}, "
        f"{len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, "
        f"{versions}."
    )


def main() -> None:
    """Measures, prints the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--output", type=Path, help="write the document there too, figures and plot beside it")
    parser.add_argument("--again", type=Path, help="take the sizes from these figures, and measure growth alone")
    parser.add_argument("--one", choices=[*ARMS], help=argparse.SUPPRESS)
    parser.add_argument("--trials", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--calibrate", choices=[size.kind for size in SIZES.values()], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(asdict(measure(chosen.one, chosen.trials))))
        return
    if chosen.calibrate:
        (size,) = (size for size in SIZES.values() if size.kind == chosen.calibrate)
        print(calibrated(size.kind, size.seconds))
        return
    told, cores = about(), len(os.sched_getaffinity(0))
    if chosen.again:
        before = msgspec.json.decode(chosen.again.read_bytes(), type=Figures)
        figures = replace(before, about=f"{before.about.partition(AGAIN)[0]}{AGAIN}`{command()}`.")
    else:
        measured = {name: rounds_of(SIZES[name], chosen.rounds) for name in chosen.sizes.split(",")}
        figures = Figures(told, cores, measured, {})
    figures.growth.update(growth())
    print(text := document(figures.about, figures.cores, figures.measured, figures.growth))
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")
        chosen.output.with_suffix(".png").write_bytes(drawn(figures.growth, BOOKS).png())
        chosen.output.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))


if __name__ == "__main__":
    main()
