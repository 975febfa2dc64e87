"""Files of a run directory that are not what they should be: moved out of the way, kept for who wants to look.

set-aside/<folder>-<name>     the file as it was
set-aside.json                which, and why
"""

from pathlib import Path

import msgspec

from pipeline.records import SetAside
from pipeline.store import codec
from pipeline.store.files import Files


def put_aside(files: Files, path: Path, why: str) -> None:
    """Moves the file, over one of its name that was set aside before; what it was needed for is then done anew."""
    root = files.root
    files.move(path, root / "set-aside" / f"{path.parent.name}-{path.name}")
    found = SetAside(str(path.relative_to(root)), why)
    others = (item for item in listed(root) if item.file != found.file)
    files.write(root / "set-aside.json", codec.encode((*others, found)))


def listed(root: Path) -> tuple[SetAside, ...]:
    """What was set aside, over all sessions of the run."""
    try:
        return msgspec.json.decode((root / "set-aside.json").read_bytes(), type=tuple[SetAside, ...])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ()
