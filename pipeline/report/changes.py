"""What changed from one run to another: verdicts and ratios, cell by cell.

A verdict got worse if the later one is further from "proven" in the order of severity, or the cell no longer runs; of a
cell that could not run before, only "different" is worse.  A ratio of step times changed
if both were measured and their 95 % intervals do not touch; it got worse if the later is the greater.  A cell that only
the earlier run has is worse, because what it said is no longer checked; one that only the later has is new, and worse
only if it is different.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pipeline.analysis.verdicts import NOT_RUN, SEVERITY
from pipeline.analysis.wording import count
from pipeline.records import CellSummary, Record
from pipeline.report.cost import ratio
from pipeline.report.markdown import escape_markdown

How = Literal["worse", "better", "new"]
_FIRST: tuple[How, ...] = ("worse", "new", "better")
ABSENT = "not in this run"


class Change(Record, frozen=True):
    """One thing that is not as before."""

    cell: str
    what: Literal["verdict", "step time"]
    before: str
    after: str
    how: How


class Changes(Record, frozen=True):
    """Two runs beside each other.  `versions` differ: name, before, after."""

    before: str
    after: str
    compared: int  # cells that both have
    changes: tuple[Change, ...]
    versions: tuple[tuple[str, str, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """1 if anything got worse, else 0."""
        return int(any(change.how == "worse" for change in self.changes))

    @property
    def sentence(self) -> str:
        """`3 cells in both runs: 1 worse, 2 better.`"""
        amounts = [(how, sum(change.how == how for change in self.changes)) for how in _FIRST]
        told = ", ".join(f"{amount} {how}" for how, amount in amounts if amount) or "nothing changed"
        return f"{count(self.compared, 'cell')} in both runs: {told}."


def changes(before: Sequence[CellSummary], after: Sequence[CellSummary]) -> tuple[Change, ...]:
    """The worst first, and within that in the order of the cells."""
    earlier, later = ({item.cell: item for item in run} for run in (before, after))
    found = [
        change for cell in dict.fromkeys((*earlier, *later)) for change in _of_cell(earlier.get(cell), later.get(cell))
    ]
    return tuple(sorted(found, key=lambda change: _FIRST.index(change.how)))


def shared(before: Sequence[CellSummary], after: Sequence[CellSummary]) -> int:
    """How many cells both have."""
    return len({item.cell for item in before} & {item.cell for item in after})


def markdown(found: Changes) -> str:
    """For a comment on a pull request."""
    lines = [f"## {escape_markdown(found.before)} → {escape_markdown(found.after)}", "", found.sentence]
    if found.changes:
        lines += ["", "| cell | what | before | after | |", "|---|---|---|---|---|"]
        lines += [
            f"| {' | '.join(escape_markdown(text) for text in msgspec.structs.astuple(change))} |"
            for change in found.changes
        ]
    if found.versions:
        lines += ["", "| version of | before | after |", "|---|---|---|"]
        lines += [f"| {' | '.join(escape_markdown(text) for text in row)} |" for row in found.versions]
    return "\n".join(lines)


def _of_cell(before: CellSummary | None, after: CellSummary | None) -> list[Change]:
    if before and after:
        return [*_verdicts(before, after), *_steps(before, after)]
    if before:
        return [Change(before.cell.label, "verdict", _verdict(before), ABSENT, "worse")]
    if after:
        how: How = "worse" if after.verdict == "different" else "new"
        return [Change(after.cell.label, "verdict", ABSENT, _verdict(after), how)]
    return []


def _verdicts(before: CellSummary, after: CellSummary) -> list[Change]:
    if before.verdict == after.verdict:
        return []
    if before.verdict in NOT_RUN:
        worse = after.verdict == "different"
    else:
        worse = after.verdict in NOT_RUN or SEVERITY.index(after.verdict) > SEVERITY.index(before.verdict)
    return [Change(before.cell.label, "verdict", _verdict(before), _verdict(after), "worse" if worse else "better")]


def _steps(before: CellSummary, after: CellSummary) -> list[Change]:
    measured = [cost.phases["step"].ratio for cost in (before.cost, after.cost) if cost and cost.verdict == "measured"]
    if len(measured) < 2:
        return []
    old, new = measured
    if old.low <= new.high and new.low <= old.high:
        return []
    how: How = "worse" if new.value > old.value else "better"
    return [Change(before.cell.label, "step time", ratio(old), ratio(new), how)]


def _verdict(summary: CellSummary) -> str:
    return f"{summary.verdict} at level {summary.level}" if summary.level else summary.verdict
