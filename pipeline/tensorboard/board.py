"""A run's evidence as TensorBoard shows it.

    <directory>/                                 once the run has ended: verdicts, costs, certificates, figures, charts
    <directory>/<cell>/seed-<n>/<style>/         one arm: curves, metrics, hyperparameters; weights, graph if kept
    <directory>/<cell>/seed-<n>/tables/          learned tables of both arms for the projector, where weights are kept
    <directory>/<cell>/seeds/<style>/<line>/     one arm over seeds: its mean, low and high curves, with the same tags
    <directory>/<cell>/seeds/difference/<line>/  the paired difference, candidate minus baseline, with its interval
    <directory>/<cell>/seeds/                    the same bands in one place, for the charts of Custom Scalars
    <directory>/<cell>/timing-<n>/<style>/       one arm in one process of timing: its blocks, its trace if kept
    <directory>/<cell>/timing/                   the cost ratios of the cell with their intervals

A view: every file can be made again from the evidence, has a name of its own and is written whole, so that writing
twice changes nothing.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event

from pipeline.analysis.pairing import PairedCell, pair
from pipeline.records import (
    Cell,
    CellSummary,
    Failure,
    Outcome,
    Run,
    TimeEvidence,
    TimeTrial,
    TrainEvidence,
    TrainTrial,
    Trial,
)
from pipeline.store import kept
from pipeline.store.atomic import write_atomic
from pipeline.store.weights import arrays, unpack
from pipeline.tensorboard import timing
from pipeline.tensorboard.arm import events, hparams, series, shapes
from pipeline.tensorboard.events import (
    charts,
    event_file,
    graph,
    picture,
    scalar,
    session_end,
    session_start,
    text,
)
from pipeline.tensorboard.layout import layout
from pipeline.tensorboard.pictures import pictures
from pipeline.tensorboard.projector import projector_files
from pipeline.tensorboard.seeds import runs_over_seeds
from pipeline.tensorboard.tables import Table, tables
from pipeline.tensorboard.texts import certificate_texts, verdict_table

# TensorBoard reads a folder's files in the order of their names, and takes those with "tfevents" in the name.
_START, _OUTCOME = "events.out.tfevents.0.start", "events.out.tfevents.1.outcome"


MOST_PART = 200  # characters; file systems take 255 bytes


class Board:
    """Writes TensorBoard logs below `directory`, by `write`.  RunDirectoryError if they can't be written."""

    def __init__(self, directory: Path, write: Callable[..., None] = write_atomic) -> None:
        self._directory, self._write_file = directory, write

    def started(self, trial: Trial, at: float | None = None) -> None:
        """Shows a train trial's arms as running, since `at` in seconds since the epoch (default: now)."""
        if isinstance(trial, TrainTrial):
            for style in (trial.cell.baseline, trial.cell.candidate):
                self._start(trial, style, time.time() if at is None else at)

    def outcome(self, outcome: Outcome) -> None:
        """Shows what a trial gave: its arms' curves and metrics, or their blocks, or that training failed."""
        if isinstance(outcome, TrainEvidence):
            self.evidence(outcome)
        elif isinstance(outcome, TimeEvidence):
            self.timed(outcome)
        elif isinstance(outcome, Failure) and isinstance(outcome.trial, TrainTrial):
            self.started(outcome.trial, 0.0)
            for style in (outcome.trial.cell.baseline, outcome.trial.cell.candidate):
                self._write(run_name(outcome.trial, style), [session_end(succeeded=False, at=0.0)], 0.0)

    def evidence(self, evidence: TrainEvidence) -> None:
        """Shows both arms' curves, final metrics and hyperparameters, and what else was kept of them."""
        began, ended = _times([evidence])
        self.started(evidence.trial, began)
        weights, files = unpack(evidence), evidence.kept
        histograms = arrays(files[kept.HISTOGRAMS]) if kept.HISTOGRAMS in files else {}
        for arm in evidence.arms:
            style, epochs = arm.style, len(arm.train_loss)
            shown = [*events(series(arm, evidence.trial.training.global_batch), began, ended)]
            shown += shapes(histograms.get(style, {}), weights.get(style, {}), epochs, began, ended)
            if kept.graph_of(style) in files:
                shown.append(graph(files[kept.graph_of(style)], at=ended))
            self._write(run_name(evidence.trial, style), [*shown, session_end(succeeded=True, at=ended)], began)
        if weights:
            baseline, candidate = (weights[arm.style] for arm in evidence.arms)
            self._tables(evidence.trial, list(tables(baseline, candidate)), ended)

    def timed(self, evidence: TimeEvidence) -> None:
        """Shows the blocks of both arms and of the control, and their traces where there are any."""
        began, ended = _times([evidence])
        for place, name in enumerate(timing.arm_names(evidence)):
            folder = timing_name(evidence.trial, name)
            self._write(folder, events(timing.arm_series(evidence, place), began, ended), began)
            if trace := evidence.kept.get(kept.trace_of(name)):
                self._put(
                    f"{folder}/plugins/profile/{evidence.trial.id}/{_part(evidence.worker.host)}.xplane.pb", trace
                )

    def result(self, run: Run, summaries: Sequence[CellSummary]) -> None:
        """Shows what the run came to: verdicts and costs as tables, certificates, figures, each cell over its seeds."""
        tags: dict[str, None] = {}
        for paired in pair(run):
            if paired.evidence:
                tags |= dict.fromkeys(self._seeds(paired))
        costs = timing.cost_table(summaries)
        texts = {"verdicts": verdict_table(summaries), **({"costs": costs} if costs else {}), **certificate_texts(run)}
        shown = [text(tag, markdown, at=0.0) for tag, markdown in texts.items()]
        shown += [picture(tag, png, caption, at=0.0) for tag, caption, png in pictures(run, summaries)]
        self._write(".", [*shown, charts(layout(tags, timing.CHARTS if self._costs(run, summaries) else ()))], 0.0)

    def _tables(self, trial: TrainTrial, found: Sequence[Table], at: float) -> None:
        """Writes what the projector shows, and how far the arms' tables are from each other."""
        name = run_name(trial, "tables")
        for file, content in projector_files(trial, found).items():
            self._put(f"{name}/{file}", content)
        distances = (scalar(f"aligned_distance/{t.role}", t.distance, step=trial.training.epochs, at=at) for t in found)
        self._write(name, distances, at)

    def _seeds(self, paired: PairedCell) -> Iterable[str]:
        """Writes the cell's bands.  The tags that have one."""
        began, ended = _times(paired.evidence)
        found = runs_over_seeds(paired.evidence)
        for folder, values_of in found.items():
            parts = [_slug(paired.cell), "seeds", *(_part(part) for part in folder.split("/") if folder != ".")]
            self._write("/".join(parts), events(values_of, began, ended), began)
        return found[f"{paired.cell.baseline}/mean"].keys()

    def _costs(self, run: Run, summaries: Sequence[CellSummary]) -> bool:
        """Writes the ratios of the cells that were timed.  Whether there are any."""
        found: dict[Cell, list[TimeEvidence]] = {}
        for item in run.evidence:
            if isinstance(item, TimeEvidence):
                found.setdefault(item.trial.cell, []).append(item)
        for summary in summaries:
            if summary.cost and (of_cell := found.get(summary.cell)):
                shown = events(timing.cell_series(of_cell, summary.cost), *_times(of_cell))
                self._write(f"{_slug(summary.cell)}/timing", shown, 0.0)
        return bool(found)

    def _start(self, trial: TrainTrial, style: str, at: float) -> None:
        name = f"{run_name(trial, style)}/{_START}"
        if not (self._directory / name).exists():  # a TensorBoard that is open has read it
            start = session_start(f"{_slug(trial.cell)}/{style}", hparams(trial, style), at=at)
            self._put(name, event_file([start], at))

    def _write(self, name: str, shown: Iterable[Event], at: float) -> None:
        self._put(f"{name}/{_OUTCOME}", event_file(shown, at))

    def _put(self, name: str, content: bytes) -> None:
        self._write_file(self._directory / name, content, durable=False)


def run_name(trial: TrainTrial, style: str) -> str:
    """`lookup-functional-vs-class-ratings-mirrored-2-keras-float32/seed-3/class`."""
    return f"{_slug(trial.cell)}/seed-{trial.seed}/{_part(style)}"


def timing_name(trial: TimeTrial, name: str) -> str:
    """`lookup-functional-vs-class-ratings-mirrored-2-keras-float32/timing-0/class-again`."""
    return f"{_slug(trial.cell)}/timing-{trial.process}/{_part(name)}"


def _times(found: Sequence[TrainEvidence | TimeEvidence]) -> tuple[float, float]:
    """When the first of these trials began, and when the last ended."""
    workers = [item.worker for item in found]
    return min(worker.started for worker in workers), max(worker.started + worker.seconds for worker in workers)


def _slug(cell: Cell) -> str:
    return _part(cell.label)


def _part(text: str) -> str:
    """The text as one part of a path, whoever wrote it."""
    return re.sub(r"\W+", "-", text).strip("-")[:MOST_PART] or "-"
