"""Where a run directory is: a folder, or a URI of an object store (`s3://bucket/runs/demo`, `gs://…`)."""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.errors import RunDirectoryError
from pipeline.redacted import REDACTED, redact
from pipeline.store.files import Files
from pipeline.store.lease import Tell
from pipeline.store.mirror import reading, writing
from pipeline.store.objects import EXTRAS, Objects

_CHOICES = "give a folder, s3://bucket/name or gs://bucket/name"


class Uri(str):
    """A place in an object store, without a slash at its end."""

    @property
    def name(self) -> str:
        """The last part."""
        return self.rpartition("/")[2]


Place = Path | Uri


def located(text: str) -> Place:
    """What the text names: `file:///runs/demo` is the folder /runs/demo."""
    if "://" not in text:
        return Path(text)
    if text.startswith("file://"):
        return Path(unquote(urlsplit(text).path))
    scheme, _, path = text.partition("://")
    return Uri(f"{scheme}://{path.rstrip('/')}")


def _nothing(text: str) -> None:
    del text


@contextmanager
def opened(place: Place, *, named: Collection[str] = ()) -> Iterator[Files]:
    """The files there, to be read: of an object store's a copy that goes with the exit.

    Of the folders that are `named` the files' names will do.  RunDirectoryError for what can't be read.
    """
    if isinstance(place, Path):
        yield Files(place)
        return
    with tempfile.TemporaryDirectory(prefix="parity-run-") as temporary:
        root = Path(temporary) / "run"
        with _called(place, root), reading(_objects(place), root, named) as files:
            yield files


@contextmanager
def opened_to_write(place: Place, tell: Tell = _nothing) -> Iterator[Files]:
    """The files there, for a driver.  RunDirectoryError where another driver works, or something can't be written.

    An object store's are kept in `mirror_folder` too.  `tell` hears what there is to wait for.
    """
    if isinstance(place, Path):
        yield Files(place)
        return
    root = mirror_folder(place)
    _make(root.parent)
    with _called(place, root), writing(_objects(place), root, tell) as files:
        yield files


def mirror_folder(uri: Uri) -> Path:
    """$XDG_CACHE_HOME/layerparity/runs/NAME-HASH/run, else below ~/.cache: the URI's own, on this machine."""
    base = os.environ.get("XDG_CACHE_HOME")
    name = re.sub(r"[^\w.-]", "-", uri.name)
    root = (Path(base) if base else Path.home() / ".cache") / "layerparity" / "runs"
    return root / f"{name}-{hashlib.sha256(uri.encode()).hexdigest()[:8]}" / "run"


def _objects(uri: Uri) -> Objects:
    scheme, _, path = uri.partition("://")
    if scheme not in EXTRAS:
        raise RunDirectoryError(redact(uri), "no such kind of storage", _CHOICES)
    if REDACTED in redact(uri):
        raise RunDirectoryError(redact(uri), "has a secret in it", "leave it to the environment, e.g. AWS_PROFILE")
    if not re.fullmatch(r"[^/]+(/[^/]+)*", path) or {".", ".."}.intersection(path.split("/")):
        raise RunDirectoryError(uri, "does not name a place in a bucket", _CHOICES)
    return Objects(uri)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"is where this machine's copy of a run in a bucket goes, and can't be made ({error.strerror})"
        raise RunDirectoryError(str(folder), what, "set XDG_CACHE_HOME to a folder where you may write") from error


@contextmanager
def _called(uri: Uri, root: Path) -> Iterator[None]:
    """Errors name what is in the store, and not its copy."""
    try:
        yield
    except RunDirectoryError as error:
        where, what = (
            text.replace(str(root), uri).replace(str(root.parent), uri) for text in (error.where, error.what)
        )
        raise type(error)(where, what, error.remedy) from error
