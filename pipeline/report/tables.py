"""The tables of the report that are about cells, weights and examples."""

import re
from collections.abc import Sequence

from pipeline.records import Cell, CellSummary, ExampleEvidence, Record, Run, TrainEvidence, WeightRole


class GridRow(Record, frozen=True):
    """One pair on one data set; one summary, or none, per setting."""

    pair: str
    data: str
    summaries: tuple[CellSummary | None, ...]


class WeightTable(Record, frozen=True):
    """The weight map of one pair."""

    title: str
    baseline: str
    candidate: str
    roles: tuple[WeightRole, ...]


def setting(cell: Cell) -> str:
    """Where a pair was compared: `mirrored(2) · keras · float32`."""
    return f"{cell.strategy.label} · {cell.frontend} · {cell.dtype_policy}{' · jit' if cell.jit else ''}"


def pair(cell: Cell) -> str:
    """What was compared: `projection: functional vs class`."""
    return f"{cell.family}: {cell.candidate} vs {cell.baseline}"


def grid(summaries: Sequence[CellSummary]) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    """The settings, and one row per pair and data set."""
    settings = tuple(dict.fromkeys(setting(item.cell) for item in summaries))
    found = {(pair(item.cell), item.cell.data, setting(item.cell)): item for item in summaries}
    rows = dict.fromkeys((pair(item.cell), item.cell.data) for item in summaries)
    return settings, tuple(
        GridRow(name, data, tuple(found.get((name, data, at)) for at in settings)) for name, data in rows
    )


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
