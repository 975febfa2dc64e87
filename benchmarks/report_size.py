"""How long `parity report` takes, and how much memory, on a run of 10,000 evidence records.

    python -m benchmarks.report_size [RECORDS [FOLDER]]

Writes a synthetic run directory (12 families, 2 candidates, 2 data sets, 4 strategies, 2 frontends, 3 dtype policies;
certificates, 6 seeds, timings), renders it in a process of its own, and prints seconds, peak memory and the size of
each file.  The numbers in it are made up; their amount is not.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.synthetic_evidence import DATA, VERSIONS, WORKERS, evidence, trials
from pipeline.records import Environment, Plan, Published, RunTiming, TrainTrial
from pipeline.store import codec
from pipeline.store.run_directory import RunDirectory

RECORDS = 10_000


def write(folder: Path, amount: int) -> None:
    """A run directory of so many evidence records."""
    directory, rng = RunDirectory.open(folder, "name: synthetic\n"), np.random.default_rng(0)
    made = trials(amount)
    cells = tuple(dict.fromkeys(trial.cell for trial in made if isinstance(trial, TrainTrial)))
    directory.write_about("synthetic", "", {"accuracy": 0.01, "rmse": 0.01, "auc": 0.01}, Published())
    directory.write_plan(Plan(tuple(made), (), tuple(item.name for item in DATA), cells))
    directory.write_data(DATA)
    directory.write_environment(
        Environment(1.75e9, VERSIONS, "3.11", "Linux", "made up", 2, 8.0, ("CPU:0",), "", None, "parity run x.yaml")
    )
    directory.write_timing(RunTiming(1.75e9, 4.0 * amount / WORKERS, 8.0, amount, 0, 16.0))
    for at, trial in enumerate(made):
        path = directory.paths.evidence / f"{trial.id}.json"
        path.parent.mkdir(exist_ok=True)
        # Without the store's sync to disk: nothing is at stake.
        path.write_bytes(codec.encode(evidence(trial, at, rng)))


def main() -> None:
    """Writes, renders, prints."""
    amount = int(sys.argv[1]) if sys.argv[1:] else RECORDS
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if sys.argv[2:] else temporary) / "run"
        write(folder, amount)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pipeline", "report", str(folder)], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        print(f"{amount} records on {os.cpu_count()} cores: {seconds:.1f} s, {peak:.2f} GiB at most")
        for file in sorted((folder / "report").iterdir()):
            print(f"  {file.name}: {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
