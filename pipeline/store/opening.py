"""Whether a folder may become the run directory of a config, or is one."""

from pathlib import Path

from pipeline.errors import RunDirectoryError
from pipeline.store import config_text
from pipeline.store.atomic import TEMPORARY_SUFFIX, cannot_write
from pipeline.store.files import Files

OTHER = "choose another --run-dir, or delete this one"
_OF_EXECUTION = frozenset({"gangs", "trials", "retries"})  # config keys that change no number


def config_of(path: Path) -> str:
    """The text of the config file at `path`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise RunDirectoryError(str(path), f"can't be read ({error})", OTHER) from error


def keep_config(files: Files, path: Path, config_yaml: str) -> None:
    """Writes the config file of a new run directory, or of one whose config differs in nothing that changes a number.

    RunDirectoryError where it is that of another run, or the folder holds something else.
    """
    if not path.is_file():
        _must_be_new(path.parent)
    elif (there := config_of(path)) == config_yaml:
        return
    else:
        differing = config_text.differing_keys(there, config_yaml)
        if not differing or any(key.partition(".")[0] not in _OF_EXECUTION for key in differing):
            keys = config_text.describe(differing)
            what = f"holds a run of another config (differs in: {keys or 'layout only'})"
            raise RunDirectoryError(str(path.parent), what, OTHER)
    files.write(path, config_yaml.encode())


def _must_be_new(root: Path) -> None:
    try:
        taken = root.is_dir() and any(not _is_leftover(path) for path in root.iterdir())
    except OSError as error:
        raise cannot_write(root, error) from error
    if taken:
        raise RunDirectoryError(str(root), "has files in it and is not a run directory", OTHER)


def _is_leftover(path: Path) -> bool:
    """Whether a driver that was killed at its very beginning left it."""
    return path.name.startswith(".") and path.name.endswith(TEMPORARY_SUFFIX)
