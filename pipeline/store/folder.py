"""A folder of records, one JSON file each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import RunDirectoryError
from pipeline.store import codec

_DAMAGED = "delete this file and run again: the trial then runs anew"
Refuse = Callable[[RunDirectoryError], None]  # called for each file that is not whole; may raise


def whole(folder: Path, kind: Any, remedy: str, refuse: Refuse) -> Iterator[tuple[Path, Any]]:
    """Each file with its record, in the order of their names."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield path, codec.decode(path, kind, remedy)
        except codec.NotWhole as error:
            refuse(error)


def by_trial(folder: Path, kind: Any, refuse: Refuse) -> dict[str, Any]:
    """The records by trial id; a file must hold the trial that its name says."""
    found = {}
    for path, record in whole(folder, kind, _DAMAGED, refuse):
        if record.trial.id == path.stem:
            found[path.stem] = record
        else:
            refuse(RunDirectoryError(str(path), f"holds the record of another trial ({record.trial.id})", _DAMAGED))
    return found
