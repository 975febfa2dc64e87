"""Rows a second of the input pipeline against pandas' and polars' readers of the same file, and its peak memory.

Command    python -m benchmarks.input_pipeline [--part readers|streams] [--rows 10000000] [--reader-rows 1000000]
           [--rounds 12] [--folder DIR] [--output FILE]   (pip install 'layerparity[benchmarks]'; Linux)
Expect     a Markdown document: rows/s, CPU seconds, peak resident memory; our rows/s over each other reader's.  The
           streams of 10 million rows take 3 GB of disk; all of it 5 minutes on two cores.

Criteo-shaped files are written into DIR (by default a temporary folder; a file that is there is used again).  Each
measurement has a process of its own, whose start and first call don't count; the file's bytes are read before, so that
they come from memory.  A round measures every reader once, in a new random order; a ratio is taken within each round.
Shown is the median over the rounds with a 95 % interval by order statistics, which needs 6 rounds.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from scipy.stats import quantile_test

from benchmarks.input_readers import OURS, READERS, STREAMS
from pipeline.data.generate import Clicks, write_clicks

LIBRARIES = ("pyarrow", "pandas", "polars")


@dataclass(frozen=True)
class Measured:
    """One reading of one file in a process of its own."""

    rows: int
    seconds: float
    cpu_seconds: float  # of all threads
    peak_mib: float  # resident, of the whole process with its imports

    @property
    def speed(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds

    @property
    def cost(self) -> float:
        """CPU seconds for a million rows."""
        return self.cpu_seconds / self.rows * 1e6


def measure(name: str, path: Path) -> Measured:
    """Runs this module again, for one reading."""
    command = [sys.executable, "-m", "benchmarks.input_pipeline", "--one", name, "--folder", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout))


def one(name: str, path: Path) -> None:
    """The reading itself, printed as JSON."""
    read = {**READERS, **STREAMS}[name]
    read(written(path.parent, 1000))  # what is imported and set up once
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass
    began, worked = time.perf_counter(), time.process_time()
    rows = read(path)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - worked
    # Not getrusage: its peak is inherited from the process that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak_mib = int(status["VmHWM"].split()[0]) / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mib": peak_mib}))


def written(folder: Path, rows: int) -> Path:
    """The file of so many rows, made if it isn't there."""
    path = folder / f"clicks_{rows}.tsv"
    if not path.exists():
        part = path.with_suffix(".part")
        write_clicks(Clicks(), part, rows)
        part.replace(path)
    return path


def readers(folder: Path, rows: int, rounds: int) -> str:
    """Every way to read the file, in rounds."""
    path, order = written(folder, rows), random.Random(0)
    found: dict[str, list[Measured]] = {name: [] for name in READERS}
    for _ in range(rounds):
        for name in order.sample([*READERS], len(READERS)):
            found[name].append(measure(name, path))
    lines = [_reader_row(name, runs, found[OURS]) for name, runs in found.items()]
    size = path.stat().st_size / 2**20
    return "\n".join(
        [
            f"## Readers: {rows:,} rows, {size:,.0f} MiB, {rounds} rounds\n",
            "| reader | rows/s | our rows/s over its | CPU s / 1M rows | peak, MiB |\n|---|---:|---:|---:|---:|",
            *lines,
        ]
    )


def _reader_row(name: str, runs: Sequence[Measured], ours: Sequence[Measured]) -> str:
    ratio = "" if name == OURS else interval([mine.speed / its.speed for mine, its in zip(ours, runs, strict=True)])
    speed, cost, peak = (_median(runs, get) for get in (lambda r: r.speed, lambda r: r.cost, lambda r: r.peak_mib))
    return f"| {name} | {speed:,.0f} | {ratio} | {cost:.2f} | {peak:,.0f} |"


def _median(runs: Sequence[Measured], get: Callable[[Measured], float]) -> float:
    return statistics.median(map(get, runs))


def interval(ratios: Sequence[float]) -> str:
    """Median and 95 % interval."""
    found = quantile_test(ratios, p=0.5).confidence_interval(0.95)
    return f"{statistics.median(ratios):.2f} [{found.low:.2f}, {found.high:.2f}]"


def streams(folder: Path, rows: int) -> str:
    """The pipeline over a tenth of the rows and over all of them, once each: memory does not grow with the file."""
    lines = ["| stream | rows | file, MiB | rows/s | CPU s / 1M rows | peak, MiB |\n|---|---:|---:|---:|---:|---:|"]
    for name in STREAMS:
        for count in (rows // 10, rows):
            path = written(folder, count)
            got, size = measure(name, path), path.stat().st_size / 2**20
            cells = f"{got.rows:,} | {size:,.0f} | {got.speed:,.0f} | {got.cost:.2f} | {got.peak_mib:,.0f}"
            lines.append(f"| {name} | {cells} |")
    return "\n".join(["## Streams\n", *lines])


def main() -> None:
    """Writes the files, measures, prints the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("readers", "streams"), help="default: both")
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the streams")
    parser.add_argument("--reader-rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--output", type=Path, help="write the document there too")
    parser.add_argument("--one", choices=[*READERS, *STREAMS], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.folder)
        return
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    about = (
        f"{platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, {versions}."
    )
    document = ["# Input pipeline", f"`python -m benchmarks.input_pipeline {' '.join(sys.argv[1:])}`", about]
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        written(folder, 1000)
        if chosen.part != "streams":
            document.append(readers(folder, chosen.reader_rows, chosen.rounds))
        if chosen.part != "readers":
            document.append(streams(folder, chosen.rows))
    print(text := "\n\n".join(document))
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
