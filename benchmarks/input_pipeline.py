"""Rows a second and peak memory of the input pipeline, and of pandas' and polars' readers on the same file.

    pip install pandas polars
    python benchmarks/input_pipeline.py [--rows 10000000] [--compare-rows 1000000] [--rounds 5] [--folder DIR]

Writes Criteo-shaped files into DIR (a temporary folder by default; files that are there are used again) and prints

- for the large file and for its first tenth: rows/s, CPU seconds and peak resident memory of read → shard → hash →
  batches of 2048, and of the same with vocabularies, which a pass of their own learns,
- for the other file: rows/s, CPU seconds and peak memory of each way to read it, and our rows/s over its: the median
  over rounds with the lowest and the highest, which hold the true median with probability 1 − 2^(1 − rounds).

Each measurement has a process of its own, whose start and first call don't count; a round measures every way once; the
file's bytes are read before, so that they come from memory.  Linux.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.data.encode import Hashed, Recipe, as_float, encode, log_count
from pipeline.data.generate import Clicks, write_clicks
from pipeline.data.learn import Counts, learn
from pipeline.data.readers.criteo import CATEGORIES, NUMBERS
from pipeline.data.readers.registry import open_table
from pipeline.data.stream import batches, shard

BATCH, BUCKETS = 2048, 1_000_000
NAMES = ["label", *NUMBERS, *CATEGORIES]
RECIPE: Recipe = {
    "numbers": dict.fromkeys(NUMBERS, log_count),
    "ids": {name: Hashed(BUCKETS, seed=place) for place, name in enumerate(CATEGORIES)},
    "clicked": {"label": as_float},
}


def our_reader(path: Path) -> int:
    """Tables."""
    return sum(map(len, open_table(path, "criteo")))


def our_pipeline(path: Path, *, index: int = 0, count: int = 1) -> int:
    """Batches as a model takes them."""
    tables = shard(open_table(path, "criteo"), index, count)
    return sum(map(len, batches((encode(table, RECIPE) for table in tables), BATCH, keep_last=True)))


def our_vocabularies(path: Path) -> int:
    """Vocabularies of a million values learnt in one pass, then batches with their ids in another."""
    counts = {name: Counts(max_size=BUCKETS, min_count=2, capacity=2 * BUCKETS) for name in CATEGORIES}
    recipe = {**RECIPE, "ids": learn(open_table(path, "criteo"), counts)}
    tables = (encode(table, recipe) for table in open_table(path, "criteo"))
    return sum(map(len, batches(tables, BATCH, keep_last=True)))


def our_half(path: Path) -> int:
    """The pipeline of the first of two workers; the rows that it reads, of which it passes on every second."""
    return 2 * our_pipeline(path, count=2)


def pandas_chunks(path: Path) -> int:
    """pandas' own parser, in pieces of as many rows as ours at most."""
    import pandas as pd

    kinds = {name: "float64" if name in NUMBERS else "str" if name in CATEGORIES else "int64" for name in NAMES}
    reader = pd.read_csv(path, sep="\t", header=None, names=NAMES, dtype=kinds, quoting=3, chunksize=65_536)
    return sum(map(len, reader))


def pandas_arrow(path: Path) -> int:
    """pandas over Arrow's parser, whole."""
    import pandas as pd

    return len(pd.read_csv(path, sep="\t", header=None, names=NAMES, engine="pyarrow", dtype_backend="pyarrow"))


def polars_whole(path: Path) -> int:
    """polars' parser, whole, all threads."""
    import polars as pl

    return pl.read_csv(path, schema=polars_schema(), separator="\t", has_header=False, quote_char=None).height


def polars_batches(path: Path) -> int:
    """polars' streaming engine, in pieces."""
    import polars as pl

    frame = pl.scan_csv(path, schema=polars_schema(), separator="\t", has_header=False, quote_char=None)
    return sum(batch.height for batch in frame.collect_batches(chunk_size=65_536))


def polars_schema() -> dict:
    """Whole numbers, floats and text, as ours."""
    import polars as pl

    return {name: pl.Float64 if name in NUMBERS else pl.String if name in CATEGORIES else pl.Int64 for name in NAMES}


READERS: Mapping[str, Callable[[Path], int]] = {
    "ours: tables": our_reader,
    "ours: read, hash, batch": our_pipeline,
    "ours: one of two shards": our_half,
    "ours: learn, encode, batch": our_vocabularies,
    "pandas, C, chunks": pandas_chunks,
    "pandas, Arrow, whole": pandas_arrow,
    "polars, whole": polars_whole,
    "polars, streaming": polars_batches,
}
STREAMED = ("ours: read, hash, batch", "ours: one of two shards", "ours: learn, encode, batch")


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
    """Runs this file again, for one reading."""
    command = [sys.executable, __file__, "--one", name, "--folder", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout))


def one(name: str, path: Path) -> None:
    """The reading itself, printed as JSON."""
    read = READERS[name]
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


def stream(folder: Path, rows: int) -> None:
    """The pipeline over a tenth of the rows and over all of them."""
    print("| rows | file, MiB | pipeline | rows/s | CPU s / 1M rows | peak, MiB |\n|---:|---:|---|---:|---:|---:|")
    for count in (rows // 10, rows):
        path = written(folder, count)
        for name in STREAMED:
            got = measure(name, path)
            size = path.stat().st_size / 2**20
            cells = f"{got.rows:,} | {size:,.0f} | {name} | {got.speed:,.0f} | {got.cost:.2f} | {got.peak_mib:,.0f}"
            print(f"| {cells} |", flush=True)


def compare(path: Path, rounds: int) -> None:
    """Every way to read the file, in rounds."""
    found: dict[str, list[Measured]] = {name: [] for name in READERS if name not in STREAMED}
    for _ in range(rounds):
        for name, runs in found.items():
            runs.append(measure(name, path))
    print("| reader | rows/s | our tables' rows/s over its | CPU s / 1M rows | peak, MiB |\n|---|---:|---:|---:|---:|")
    for name, runs in found.items():
        ratios = [ours.speed / its.speed for ours, its in zip(found["ours: tables"], runs, strict=True)]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} … {max(ratios):.2f})"
        speed, cost, peak = (
            statistics.median(kind) for kind in zip(*((r.speed, r.cost, r.peak_mib) for r in runs), strict=True)
        )
        print(f"| {name} | {speed:,.0f} | {ratio} | {cost:.2f} | {peak:,.0f} |")


def main() -> None:
    """Writes the files, measures, prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--compare-rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", choices=READERS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.folder)
        return
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    versions = f"pyarrow {pa.__version__}, pandas {pd.__version__}, polars {pl.__version__}"
    print(f"{platform.machine()}, {pa.cpu_count()} CPUs, Python {platform.python_version()}, {versions}\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        written(folder, 1000)
        compare(written(folder, chosen.compare_rows), chosen.rounds)
        print()
        stream(folder, chosen.rows)


if __name__ == "__main__":
    main()
