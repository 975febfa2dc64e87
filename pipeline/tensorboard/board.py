"""A run's evidence as TensorBoard shows it.

    <directory>/                                 the HParams table's columns, and the verdicts as text
    <directory>/<cell>/seed-<n>/<style>/         one arm: curves, final metrics, hyperparameters

A view: every file can be made again from the evidence, has a name of its own and is written whole, so that writing
twice changes nothing.
"""

import re
import time
from collections.abc import Iterable
from pathlib import Path

from pipeline.records import Cell, CellSummary, Failure, Outcome, TrainEvidence, TrainTrial, Trial
from pipeline.store.atomic import write_atomic
from pipeline.tensorboard.arm import HPARAMS, METRICS, curves, hparams
from pipeline.tensorboard.events import event_file, experiment, session_end, session_start, text
from pipeline.tensorboard.verdict_table import verdict_table

# TensorBoard reads a folder's files in the order of their names, and takes those with "tfevents" in the name.
_START, _OUTCOME = "events.out.tfevents.0.start", "events.out.tfevents.1.outcome"


class Board:
    """Writes TensorBoard logs below `directory`.  RunDirectoryError if they can't be written."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def started(self, trial: Trial, at: float | None = None) -> None:
        """Shows a train trial's arms as running, since `at` in seconds since the epoch (default: now)."""
        if isinstance(trial, TrainTrial):
            self._columns()
            for style in (trial.cell.baseline, trial.cell.candidate):
                self._start(trial, style, time.time() if at is None else at)

    def outcome(self, outcome: Outcome) -> None:
        """Shows what a train trial gave: its arms' curves and metrics, or that it failed."""
        if isinstance(outcome, TrainEvidence):
            self.evidence(outcome)
        elif isinstance(outcome, Failure) and isinstance(outcome.trial, TrainTrial):
            self.started(outcome.trial, 0.0)
            for style in (outcome.trial.cell.baseline, outcome.trial.cell.candidate):
                events = [session_end(succeeded=False, at=0.0)]
                write_atomic(self.folder(outcome.trial, style) / _OUTCOME, event_file(events, 0.0))

    def evidence(self, evidence: TrainEvidence) -> None:
        """Shows both arms' curves, final metrics and hyperparameters."""
        began, ended = evidence.worker.started, evidence.worker.started + evidence.worker.seconds
        self.started(evidence.trial, began)
        for arm in evidence.arms:
            events = [*curves(arm, began, ended), session_end(succeeded=True, at=ended)]
            write_atomic(self.folder(evidence.trial, arm.style) / _OUTCOME, event_file(events, began))

    def summary(self, summaries: Iterable[CellSummary]) -> None:
        """Shows the verdicts as a table."""
        self._columns()
        table = text("verdicts", verdict_table(summaries), at=0.0)
        write_atomic(self._directory / _OUTCOME, event_file([table], 0.0))

    def folder(self, trial: TrainTrial, style: str) -> Path:
        """Where the logs of one arm are."""
        return self._directory / run_name(trial, style)

    def _columns(self) -> None:
        path = self._directory / _START
        if not path.exists():
            columns = experiment(HPARAMS, METRICS)
            write_atomic(path, event_file([columns], 0.0))

    def _start(self, trial: TrainTrial, style: str, at: float) -> None:
        path = self.folder(trial, style) / _START
        if not path.exists():  # a TensorBoard that is open has read it
            name = run_name(trial, style)
            write_atomic(path, event_file([session_start(name, hparams(trial, style), at=at)], at))


def run_name(trial: TrainTrial, style: str) -> str:
    """`lookup-functional-vs-class-ratings-mirrored-2-keras-float32/seed-3/class`."""
    return f"{_slug(trial.cell)}/seed-{trial.seed}/{style}"


def _slug(cell: Cell) -> str:
    return re.sub(r"\W+", "-", cell.label).strip("-")
