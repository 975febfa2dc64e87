"""How a run directory's files are changed: written whole, removed, moved, locked.  Here, on a disk of this machine."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from pipeline.store.atomic import TEMPORARY_SUFFIX, cannot_write, write_atomic
from pipeline.store.layout import Layout
from pipeline.store.lock import Owner, locked


class Files:
    """Those below `root`.  Paths in and out are paths there.  Every problem is a RunDirectoryError."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def called(self, path: Path) -> str:
        """What to call the file to a user."""
        return str(path)

    def write(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        """As `write_atomic`; what is not `durable` is a view, or a sign of life."""
        write_atomic(path, content, durable=durable)

    def remove(self, path: Path) -> None:
        """Removes the file, if it is there."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error

    def move(self, path: Path, to: Path) -> None:
        """Renames the file, over another one."""
        try:
            to.parent.mkdir(exist_ok=True)
            path.replace(to)
        except OSError as error:
            raise cannot_write(path, error) from error

    def clear(self, folder: Path) -> None:
        """Removes the folder and all in it, if it is there."""
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise cannot_write(folder, error) from error

    def bring(self, path: Path) -> Path:
        """`path`, where the file, or all of the folder, is now to be read, if it is anywhere: here it was already."""
        return path

    def lock(self) -> AbstractContextManager[Owner]:
        """Keeps other drivers out meanwhile."""
        return locked(Layout(self.root).lock)

    def leftovers(self) -> Iterable[Path]:
        """What a killed driver left half-written."""
        return _leftovers(self.root)


def _leftovers(root: Path) -> Iterator[Path]:
    return root.rglob(f".*{TEMPORARY_SUFFIX}")


def files_at(place: Path | Files) -> Files:
    """The files of a folder; others as they are."""
    return place if isinstance(place, Files) else Files(place)
