"""report.json: everything the report says, for machines.  report.schema.json describes it.

History of REPORT_VERSION: 1 the first; 2 agreement with one device, loops, gangs;
3 published figures.
"""

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.analysis import Claim, FamilySummary, compare_published, summarise_families, worst
from pipeline.records import (
    CellSummary,
    DataInfo,
    Environment,
    Evidence,
    Failure,
    PublishedFound,
    Record,
    Run,
    RunTiming,
    SetAside,
)
from pipeline.report.anchors import cell_anchor

REPORT_VERSION = 3


class ReportedCell(Record, frozen=True):
    """A cell's summary with its label and its anchor in index.html."""

    label: str
    anchor: str
    summary: CellSummary


class ReportDocument(Record, frozen=True):
    """The whole of report.json.  `exit_code` is what `parity run` ends with."""

    name: str
    exit_code: int
    families: tuple[FamilySummary, ...]
    cells: tuple[ReportedCell, ...]
    claims: tuple[Claim, ...]
    failures: tuple[Failure, ...]
    set_aside: tuple[SetAside, ...]
    evidence: tuple[Evidence, ...]
    margins: dict[str, float | str]
    looks: tuple[int, ...]
    config: str
    environment: Environment
    data: tuple[DataInfo, ...]
    timings: tuple[RunTiming, ...]
    published: PublishedFound
    report_version: int = REPORT_VERSION


def render_json(run: Run, summaries: Sequence[CellSummary], claims: Sequence[Claim]) -> bytes:
    """report.json, indented, keys in a fixed order."""
    document = ReportDocument(
        name=run.name,
        exit_code=worst(summaries, run.failures),
        families=summarise_families(summaries),
        cells=tuple(ReportedCell(item.cell.label, cell_anchor(item.cell.label), item) for item in summaries),
        claims=tuple(claims),
        failures=run.failures,
        set_aside=run.set_aside,
        evidence=run.evidence,
        margins=dict(run.margins),
        looks=run.looks,
        config=run.config,
        environment=run.environment,
        data=run.data,
        timings=run.timings,
        published=compare_published(run),
    )
    return msgspec.json.format(msgspec.json.encode(document)) + b"\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema of report.json, from the records themselves."""
    schema = msgspec.json.schema(ReportDocument)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "layerparity report.json", **schema}


def schema_bytes() -> bytes:
    """What the file report.schema.json holds."""
    return json.dumps(report_schema(), indent=2, sort_keys=True).encode() + b"\n"
