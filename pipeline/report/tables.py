"""The tables of the report that are about cells, weights and examples."""

import re
from collections.abc import Sequence

from pipeline.records import Cell, CellSummary, ExampleEvidence, Record, Run, TrainEvidence, WeightRole


class Grid(Record, frozen=True):
    """Pairs, each on one data set, against settings: the longer list down, the shorter across.

    A row has its name and one summary, or none, per column.
    """

    what: str  # is listed down
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CellSummary | None, ...]], ...]


class WeightTable(Record, frozen=True):
    """The weight map of one pair."""

    title: str
    baseline: str
    candidate: str
    roles: tuple[WeightRole, ...]


def setting(cell: Cell) -> str:
    """Where a pair was compared: `mirrored(2) · keras · float32`; jit and fit where they are used."""
    how = f"{' · jit' if cell.jit else ''}{' · fit' if cell.loop == 'fit' else ''}"
    return f"{cell.strategy.label} · {cell.frontend} · {cell.dtype_policy}{how}"


def pair(cell: Cell) -> str:
    """What was compared: `projection: functional vs class`."""
    return f"{cell.family}: {cell.candidate} vs {cell.baseline}"


def grid(summaries: Sequence[CellSummary]) -> Grid:
    """Every cell at its place; a phone shows the longer list without scrolling aside."""
    placed = {(f"{pair(item.cell)} · {item.cell.data}", setting(item.cell)): item for item in summaries}
    pairs, settings = (tuple(dict.fromkeys(names)) for names in zip(*placed, strict=True)) if placed else ((), ())
    if len(settings) <= len(pairs):
        return Grid("Pair", settings, tuple((at, tuple(placed.get((at, on)) for on in settings)) for at in pairs))
    return Grid("Setting", pairs, tuple((on, tuple(placed.get((at, on)) for at in pairs)) for on in settings))


def weight_tables(run: Run) -> tuple[WeightTable, ...]:
    """One per pair, as its first trial found it."""
    tables: dict[str, WeightTable] = {}
    for item in run.evidence:
        if isinstance(item, TrainEvidence):
            cell, title = item.trial.cell, pair(item.trial.cell)
            tables.setdefault(title, WeightTable(title, cell.baseline, cell.candidate, item.weight_map))
    return tuple(tables.values())


def example_rows(run: Run) -> tuple[ExampleEvidence, ...]:
    """The article's examples, one row per example and frontend."""
    return tuple(item for item in run.evidence if isinstance(item, ExampleEvidence))


def stage_names(examples: Sequence[ExampleEvidence]) -> tuple[str, ...]:
    """Every stage that any example reached, in the order in which they come."""
    longest_first = sorted(examples, key=lambda item: -len(item.stages))
    return tuple(dict.fromkeys(stage.name for item in longest_first for stage in item.stages))


def slug(text: str) -> str:
    """Letters, digits and hyphens only: a prefix for the ids within a figure."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
