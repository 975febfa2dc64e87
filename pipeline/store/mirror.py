"""A run directory in an object store, and the folder of this machine where a driver or a reader has it meanwhile.

The store is the truth: what must last is put there before it is in the folder, views and signs of life soon after.
What has not been read yet is brought when it is asked for; records and what describes the run are brought at once.
"""

import socket
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from pipeline.errors import RunDirectoryError
from pipeline.store.atomic import write_atomic
from pipeline.store.files import Files
from pipeline.store.layout import Layout
from pipeline.store.lease import FOLDER as LOCK
from pipeline.store.lease import Lease, Tell, holder, leased
from pipeline.store.lock import Owner, locked
from pipeline.store.objects import Objects

ON_DEMAND = frozenset({"weights", "kept", "snapshots", "tensorboard", "report", "set-aside"})  # folders
VIEWS_SECONDS = 1.0  # between two uploads of them
MANY = 200  # objects whose contents are in memory at a time


class Mirror(Files):
    """The files of a URI, in the folder `root`.  Made by `reading` or `writing`."""

    def __init__(self, objects: Objects, root: Path) -> None:
        super().__init__(root)
        self._objects = objects
        self._there = {name for name in objects.names() if _is_mirrored(name)}  # a thread may add to it
        self._here: set[str] = set()

    def called(self, path: Path) -> str:
        return f"{self._objects.uri}/{self._name(path)}"

    def bring(self, path: Path) -> Path:
        name = self._name(path)
        self.bring_these(there for there in list(self._there) if there == name or there.startswith(f"{name}/"))
        return path

    def bring_first(self, named: Collection[str] = ()) -> None:
        """All but what is brought on demand; of the folders that are `named` empty files."""
        wanted = {name for name in self._there if name.partition("/")[0] not in ON_DEMAND}
        hollow = {name for name in wanted if name.partition("/")[0] in named}
        for name in hollow:
            self._keep(name, b"")
        self.bring_these(wanted - hollow)

    def bring_these(self, names: Iterable[str]) -> None:
        """Those of the names that are not here yet.  One that was removed meanwhile is not there any more."""
        missing = sorted(set(names) - self._here)
        for at in range(0, len(missing), MANY):
            for name, content in self._objects.get(missing[at : at + MANY]).items():
                self._keep(name, content)

    def _keep(self, name: str, content: bytes) -> None:
        try:
            write_atomic(self.root / name, content, durable=False)
        except RunDirectoryError as error:
            remedy = "free some disk space, or set XDG_CACHE_HOME (to read: TMPDIR) to a folder on another disk"
            raise RunDirectoryError(error.where, f"its copy on this machine {error.what}", remedy) from error
        self._here.add(name)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


class WrittenMirror(Mirror):
    """One whose `lease` this driver has."""

    def __init__(self, objects: Objects, root: Path, lease: Lease) -> None:
        super().__init__(objects, root)
        self._lease = lease
        self._views: dict[str, None] = {}  # to be uploaded
        self._trouble: RunDirectoryError | None = None
        self._closed = threading.Event()
        self._uploading = threading.Thread(target=self._upload_views, daemon=True)
        self._uploading.start()

    def write(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        name = self._name(path)
        if durable:
            self._put({name: content})
        self._keep(name, content)
        if not durable:
            self._views[name] = None

    def remove(self, path: Path) -> None:
        self._remove([self._name(path)])
        super().remove(path)

    def move(self, path: Path, to: Path) -> None:
        self.write(to, path.read_bytes())
        self.remove(path)

    def clear(self, folder: Path) -> None:
        name = f"{self._name(folder)}/"
        self._remove([there for there in list(self._there) if there.startswith(name)])
        super().clear(folder)

    @contextmanager
    def lock(self) -> Iterator[Owner]:
        """The lock is held as long as this is."""
        yield self._lease.owner

    def close(self) -> None:
        """Uploads the views that are left.  RunDirectoryError if one could not be."""
        self._closed.set()
        self._uploading.join()
        if self._trouble:
            raise self._trouble

    def _put(self, contents: dict[str, bytes]) -> None:
        self._lease.check()
        self._objects.put(contents)
        self._there.update(contents)

    def _remove(self, names: Iterable[str]) -> None:
        gone = self._there.intersection(names)
        if gone:
            self._lease.check()
            self._objects.remove(gone)
            self._there -= gone
        self._here -= gone

    def _upload_views(self) -> None:
        while True:
            closed = self._closed.wait(VIEWS_SECONDS)
            try:
                while self._views and self._trouble is None:
                    self._put(self._some_views())
            except RunDirectoryError as error:
                self._trouble = error
            if closed:
                return

    def _some_views(self) -> dict[str, bytes]:
        names = [self._views.popitem()[0] for _ in range(min(MANY, len(self._views)))]
        return {name: path.read_bytes() for name in names if (path := self.root / name).is_file()}


@contextmanager
def reading(objects: Objects, root: Path, named: Collection[str]) -> Iterator[Mirror]:
    """The run as it is now, in the folder `root`, which is not there yet: a driver may be at work there."""
    mirror = Mirror(objects, root)
    mirror.bring_first(named)
    _, held = holder(objects)
    if held and not held.free:
        write_atomic(Layout(root).lock, msgspec.json.encode(held.owner), durable=False)
    yield mirror


@contextmanager
def writing(objects: Objects, root: Path, tell: Tell) -> Iterator[WrittenMirror]:
    """The run in the folder `root`, which is emptied first.  Beside it are a lock of its own and its name."""
    with locked(root.with_name("driver.lock")), leased(objects, _name_of(root), tell) as lease:
        Files(root).clear(root)
        mirror = WrittenMirror(objects, root, lease)
        try:
            mirror.bring_first()
            yield mirror
        except BaseException:
            with suppress(RunDirectoryError):
                mirror.close()
            raise
        mirror.close()


def _name_of(root: Path) -> str:
    """What no other folder is called, on any machine."""
    file = root.with_name("id")
    if not file.exists():
        write_atomic(file, uuid.uuid4().hex.encode())
    return f"{socket.gethostname()} {file.read_text(encoding='utf-8')}"


def _is_mirrored(name: str) -> bool:
    """Not the lock, and nothing that a path of its name would lead elsewhere."""
    parts = name.split("/")
    return parts[0] != LOCK and not {"", ".", ".."}.intersection(parts)
