"""`parity diff`: two runs beside each other.  Needs neither TensorFlow nor Ray, and changes neither run."""

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.analysis import analyse
from pipeline.printable import clean
from pipeline.records import Run
from pipeline.report.changes import Changes, changes, markdown, shared
from pipeline.store.place import Place, opened
from pipeline.store.run_directory import RunDirectory

_STYLES = {"worse": "bold red", "better": "green", "new": "yellow"}


def diff(before: Place, after: Place, form: str | None) -> int:
    """Prints what changed.  0 nothing got worse, 1 something did; RunDirectoryError where a run can't be read."""
    found = compare(before, after)
    if form == "json":
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    elif form == "markdown":
        print(markdown(found))
    else:
        _show(found)
    return found.exit_code


def compare(before: Place, after: Place) -> Changes:
    """Both runs judged by the rules of this version, whatever version made their reports."""
    runs = [_read(place) for place in (before, after)]
    earlier, later = (analyse(run) for run in runs)
    return Changes(str(before), str(after), shared(earlier, later), changes(earlier, later), _versions(*runs))


def _read(place: Place) -> Run:
    with opened(place) as files:
        return RunDirectory.existing(files).read()


def _versions(before: Run, after: Run) -> tuple[tuple[str, str, str], ...]:
    old, new = ({**run.environment.versions, "machine": run.environment.cpu} for run in (before, after))
    names = dict.fromkeys((*old, *new))
    return tuple((n, old.get(n, "none"), new.get(n, "none")) for n in names if old.get(n) != new.get(n))


def _show(found: Changes) -> None:
    console, table = Console(), Table(box=None, pad_edge=False, header_style="dim")
    for column in ("", "cell", "what", "before", "after"):
        table.add_column(column, overflow="fold")
    for change in found.changes:
        texts = (
            Text(change.how, _STYLES[change.how]),
            *(Text(clean(text)) for text in (change.cell, change.what, change.before, change.after)),
        )
        table.add_row(*texts)
    if found.changes:
        console.print(table)
    for name, old, new in found.versions:
        console.print(Text(clean(f"{name}: {old} → {new}")))
    console.print(Text(found.sentence))
