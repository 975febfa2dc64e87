"""How close a run comes to the time that its trials need by themselves.

    python benchmarks/wall_time.py configs/demo.yaml [key=value ...]

Runs the config in a fresh folder and prints

    wall / (sum of trial seconds x CPUs held / CPUs  +  one worker's start-up)

A trial's own seconds are those in its worker, without the process's start.  One worker's start-up is the time from the
command until the first trial's own work begins: planning, data, Ray, the process, TensorFlow.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.store.run_directory import RunDirectory


def main() -> None:
    """Runs, reads the evidence, prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        run_dir = Path(folder) / "run"
        began = time.time()
        command = [sys.executable, "-m", "pipeline", "run", *sys.argv[1:], "--run-dir", str(run_dir)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall = time.time() - began
        run = RunDirectory.existing(run_dir).read()
    cpus = run.timings[-1].cpus
    work = sum(e.worker.seconds * e.trial.resources.cpus for e in run.evidence)
    startup = min(e.worker.started for e in run.evidence) - began
    ideal = work / cpus + startup
    print(
        f"machine:            {run.environment.cpu}, {cpus:g} CPUs; TensorFlow {run.environment.versions['tensorflow']}"
    )
    print(f"trials:             {len(run.evidence)}, {len(run.failures)} failed")
    print(f"wall:               {wall:.1f} s")
    print(f"work / CPUs:        {work:.1f} / {cpus:g} = {work / cpus:.1f} s")
    print(f"one start-up:       {startup:.1f} s")
    print(f"wall / ideal:       {wall / ideal:.2f}")


if __name__ == "__main__":
    main()
