"""A run of records, kept in a directory as a driver keeps it."""

from pathlib import Path

from pipeline.records import Run
from pipeline.store.run_directory import RunDirectory


def keep(run: Run, folder: Path) -> Path:
    """Writes all of the run but its report."""
    kept = RunDirectory.open(folder, run.config)
    kept.write_about(run.name, run.question, run.margins, run.published, run.looks)
    kept.write_plan(run.plan)
    kept.write_environment(run.environment)
    kept.write_data(run.data)
    for outcome in (*run.evidence, *run.failures):
        kept.write(outcome)
    for timing in run.timings:
        kept.write_timing(timing)
    return folder
