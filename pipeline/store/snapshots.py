"""Snapshots of trials under way, one file per trial: `snapshots/<trial id>.npz`.  The driver alone writes them."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pipeline.errors import RunDirectoryError
from pipeline.store.files import Files
from pipeline.store.set_aside import put_aside


class SnapshotFiles:
    """Those of a run directory."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def load(self, trial_id: str) -> bytes:
        """The trial's; empty where there is none that is whole: a damaged one is set aside."""
        path = self._files.bring(self._path(trial_id))
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
            put_aside(self._files, path, f"is no whole snapshot ({damaged})")
            return b""
        return path.read_bytes()

    def save(self, trial_id: str, content: bytes) -> None:
        """Replaces the trial's."""
        self._files.write(self._path(trial_id), content)

    def drop(self, trial_id: str) -> None:
        """Nothing goes on from it any more."""
        self._files.remove(self._path(trial_id))

    def _path(self, trial_id: str) -> Path:
        return self._files.root / "snapshots" / f"{trial_id}.npz"
