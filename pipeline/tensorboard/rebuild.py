"""The logs of a run made again from its evidence."""

from pathlib import Path

from pipeline.analysis import analyse
from pipeline.records import Failure
from pipeline.store.files import Files
from pipeline.store.run_directory import RunDirectory
from pipeline.tensorboard.board import Board
from pipeline.tensorboard.chosen import chosen


def rebuild(run_dir: Path | Files) -> None:
    """Replaces the logs in a run directory.

    RunDirectoryError for what can't be read or written, or if a driver is at work there.
    """
    directory = RunDirectory.existing(run_dir)
    logs = directory.paths.tensorboard
    with directory.lock():
        run = directory.read()
        summaries = analyse(run)
        directory.files.clear(logs)
        board = Board(logs, directory.files.write)
        shown = chosen(run.plan)
        for outcome in (item for item in (*run.evidence, *run.failures) if item.trial.id in shown):
            board.outcome(outcome if isinstance(outcome, Failure) else directory.with_kept(outcome))
        board.result(run, summaries)
