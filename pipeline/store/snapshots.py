"""Snapshots of trials under way, one file per trial: `snapshots/<trial id>.npz`.  The driver alone writes them."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pipeline.errors import RunDirectoryError
from pipeline.store.atomic import cannot_write, write_atomic
from pipeline.store.set_aside import put_aside


class SnapshotFiles:
    """Those of the run directory at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def load(self, trial_id: str) -> bytes:
        """The trial's; empty where there is none that is whole: a damaged one is set aside."""
        path = self._path(trial_id)
        if not path.is_file():
            return b""
        try:
            with ZipFile(path) as archive:
                damaged = archive.testzip()
        except (BadZipFile, EOFError, ValueError) as error:
            damaged = str(error)
        except OSError as error:
            raise RunDirectoryError(
                str(path), f"can't be read ({error.strerror})", "delete it, and run again"
            ) from error
        if damaged:
            put_aside(self._root, path, f"is no whole snapshot ({damaged})")
            return b""
        return path.read_bytes()

    def save(self, trial_id: str, content: bytes) -> None:
        """Replaces the trial's."""
        write_atomic(self._path(trial_id), content)

    def drop(self, trial_id: str) -> None:
        """Nothing goes on from it any more."""
        path = self._path(trial_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error

    def _path(self, trial_id: str) -> Path:
        return self._root / "snapshots" / f"{trial_id}.npz"
