"""What the command line prints: rich tables on a terminal, the same as plain text elsewhere."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.data.cache import Status
from pipeline.data.listing import Row
from pipeline.plan.estimate import Estimate
from pipeline.printable import clean, ranges
from pipeline.progress import Display, shown
from pipeline.records import (
    REMEDIES,
    Capacity,
    Cell,
    Certificate,
    Check,
    ExcludedCell,
    Plan,
    Result,
    TrainTrial,
    Trial,
)
from pipeline.report.published import published_rows

_STYLES = {
    "proven": "bold green",
    "identical": "green",
    "equivalent": "green",
    "different": "bold red",
    "inconclusive": "yellow",
    "failed": "bold red",
}


def line(text: str) -> None:
    """One line on stdout, not wrapped."""
    _out().print(_safe(text), soft_wrap=True, highlight=False)


def error(text: str) -> None:
    """One line on stderr, not wrapped."""
    Console(stderr=True).print(f"[bold red]parity:[/] {_safe(text)}", soft_wrap=True, highlight=False)


def json(value: Any) -> None:
    """One JSON document on stdout, for machines."""
    print(msgspec.json.format(msgspec.json.encode(value)).decode())


@contextmanager
def muted(mute: bool) -> Iterator[None]:
    """Nothing reaches stdout where `mute` says so."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere) if mute else nullcontext():
        yield


def aside(apart: bool) -> AbstractContextManager[object]:
    """What people read goes to stderr where stdout is for machines."""
    return redirect_stdout(sys.stderr) if apart else nullcontext()


def verdicts(result: Result) -> None:
    """The verdict table, the failures, and where the report is."""
    table = _table("cell", "verdict", "what was measured")
    for summary in result.summaries:
        table.add_row(_safe(summary.cell.label), _word(summary.verdict), _safe(summary.sentence))
    _out().print(table)
    for failure in result.run.failures:
        line(f"failed: {failure.trial.label}: {failure.category}: {failure.message}")
    for category, remedy in REMEDIES.items():
        if any(failure.category == category for failure in result.run.failures):
            line(f"{category}: {remedy}")
    for item in result.run.set_aside:
        line(f"set aside: {item.file}: {item.why}")
    for row in published_rows(result.published):
        line(f"published: {row.sentence}")
    line(f"report: {result.report}")


def rehearsal(result: Result) -> None:
    """Which kinds of cell worked in a dry run, and which could not be stood in for."""
    table = _table("cell", "dry run")
    failed = {f.trial.cell.label: f.message for f in result.run.failures if isinstance(f.trial, TrainTrial)}
    for summary in result.summaries:
        label = summary.cell.label
        if label in failed:
            table.add_row(_safe(label), f"{_word('failed')}: {_safe(failed[label])}")
        elif summary.seeds:
            table.add_row(_safe(label), "works")
        else:
            table.add_row(_safe(label), f"not stood in for: {_safe(summary.sentence)}")
    _out().print(table)


def plan(made: Plan, estimate: Estimate, there: Capacity) -> None:
    """Trials by cell with profile and resources, what can't run and why, and about how long the rest takes."""
    table = _table("trials", "cell", "seeds", "cpus", "gpus", "process profile")
    for trials in _by_cell(made.trials):
        first = trials[0]
        profile, resources = first.profile, first.resources
        setting = f"{profile.frontend}, {profile.logical_devices} logical {profile.device}, {profile.threads} threads"
        what = first.cell.label if isinstance(first, TrainTrial) else first.label
        seeds = ranges([trial.seed for trial in trials if isinstance(trial, TrainTrial)])
        held = [_held(amount, resources.processes) for amount in (resources.cpus, resources.gpus)]
        table.add_row(str(len(trials)), _safe(what), seeds, *held, setting)
    _out().print(table)
    for (verdict, reason), cells in _by_reason(made.excluded).items():
        what = cells[0].label if len(cells) == 1 else f"{len(cells)} cells, e.g. {cells[0].label}"
        line(f"{verdict}: {what}: {reason}")
    for cpus in sorted({t.resources.cpus for t in made.trials if t.resources.cpus > there.cpus}):
        line(f"too few CPUs: some trials need {cpus:g}, and there are {there.cpus:g}; parity run refuses this config")
    line(estimate.sentence)


def certificate(made: Certificate) -> None:
    """The whole certificate: tables on a terminal, a line a row elsewhere."""
    console = _out()
    if console.is_terminal:
        from pipeline.report.certificate_terminal import renderable

        console.print(renderable(made))
        return
    from pipeline.report.certificate_text import lines

    for text in lines(made):
        line(text)


def data(rows: Sequence[Row]) -> None:
    """The catalogue, and what of it is here."""
    table = _table("name", "kind", "task", "rows", "MB", "here", "licence")
    for row in rows:
        table.add_row(
            _safe(row.name),
            ", ".join(row.kinds),
            row.task,
            f"{row.rows:,}",
            f"{row.size_bytes / 1e6:.1f}",
            row.state,
            _safe(row.licence),
        )
    _out().print(table)


def verified(statuses: Sequence[Status]) -> bool:
    """One line a data set; whether all are here and right, or need no file."""
    for status in statuses:
        line(f"{status.name}: {status.state}" + (f": {status.path}" if status.path else ""))
    return all(status.state in ("ok", "generated") for status in statuses)


def checks(found: Iterable[Check]) -> bool:
    """One line a finding, as it comes; whether nothing is broken."""
    signs = {True: "works ", False: "BROKEN", None: "      "}
    whole = True
    for check in found:
        line(f"{signs[check.works]}  {check.what}: {check.detail}")
        whole = whole and check.works is not False
    return whole


@contextmanager
def progress(todo: int, finished: int) -> Iterator[Display]:
    """Says how many trials are skipped, then shows how far the others are."""
    if finished:
        line(f"{finished} of {finished + todo} trials are finished" + (f"; {todo} to run" if todo else ""))
    with shown(todo, _out()) as display:
        yield display


def _held(amount: float, processes: int) -> str:
    """`0.5`, or `4 × 0.5` by a gang."""
    return f"{processes} × {amount:g}" if processes > 1 and amount else f"{amount:g}"


def _by_cell(trials: Sequence[Trial]) -> list[list[Trial]]:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.cell.label if isinstance(trial, TrainTrial) else trial.id, []).append(trial)
    return list(groups.values())


def _by_reason(excluded: Sequence[ExcludedCell]) -> dict[tuple[str, str], list[Cell]]:
    groups: dict[tuple[str, str], list[Cell]] = {}
    for one in excluded:
        groups.setdefault((one.verdict, one.reason), []).append(one.cell)
    return groups


def _safe(text: str) -> str:
    """Neither a terminal's escapes nor this console's markup."""
    return escape(clean(text))


def _word(verdict: str) -> str:
    return f"[{_STYLES.get(verdict, 'dim')}]{verdict}[/]"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _out() -> Console:
    """As wide as the terminal; where there is none, wide enough that a log keeps a row on a line."""
    console = Console()
    return console if console.is_terminal else Console(width=200)
