"""Evidence on disk to verdicts and report.  Needs neither TensorFlow nor Ray: a report renders again on any laptop."""

from pathlib import Path

from pipeline import report
from pipeline.analysis import analyse, answer_claims, compare_published, worst
from pipeline.records import Result
from pipeline.store.files import Files
from pipeline.store.run_directory import RunDirectory


def publish(directory: RunDirectory) -> Result:
    """Reads the run, judges it, and replaces its report.  RunDirectoryError for what can't be read or written."""
    run = directory.read()
    summaries = analyse(run)
    directory.write_report(report.render(run, summaries, answer_claims(run, summaries)))
    page = directory.files.called(directory.paths.report / "index.html")
    return Result(run, summaries, worst(summaries, run.failures), page, compare_published(run))


def publish_existing(folder: Path | Files) -> Result:
    """The same for the run directory of an earlier run."""
    directory = RunDirectory.existing(folder)
    with directory.lock():
        return publish(directory)
