"""One driver at a time below a URI.  An object store can't tell that a driver has died, so a driver has to give signs.

The lock is the object with the highest number in `driver.lock/`, made where there was none of its number, so that one
driver of several succeeds.  Its owner writes it again every SIGN_SECONDS.  Another driver that finds it watches it: if
it changes, the owner lives; if it has not for LEASE_SECONDS, by the watcher's own clock, the next number is there to
be made.  An owner that finds a higher number has lost the lock, and writes nothing any more; one that could not give a
sign for half as long looks before it writes.  Needs a store whose lists show what was written (S3, GCS).
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec

from pipeline.errors import RunDirectoryError
from pipeline.records import Record
from pipeline.store.lock import Owner, described, in_use
from pipeline.store.objects import Objects

FOLDER = "driver.lock"
SIGN_SECONDS = 10.0
LEASE_SECONDS = 60.0
LOOK_SECONDS = 1.0
Tell = Callable[[str], None]


class Held(Record, frozen=True):
    """What the lock object says.  `token` is one driver's, `mirror` that of the folder where it works."""

    owner: Owner
    token: str
    mirror: str
    signs: int = 0
    free: bool = False


def holder(objects: Objects) -> tuple[int, Held | None]:
    """The number of the lock, 0 where there never was one, and what it says; None where that can't be told."""
    number = _highest(objects)
    return number, _read(objects, number)


class Lease:
    """The lock, once it is this driver's.  Made by `leased`."""

    def __init__(self, objects: Objects, number: int, held: Held) -> None:
        self._objects, self._number, self._held = objects, number, held
        self._heard = time.monotonic()
        self._ended, self._one = threading.Event(), threading.Lock()
        self._signing = threading.Thread(target=self._sign_on, daemon=True)
        self._signing.start()

    @property
    def owner(self) -> Owner:
        """This driver."""
        return self._held.owner

    def check(self) -> None:
        """RunDirectoryError if another driver has the lock, or may have it and that can't be found out."""
        if time.monotonic() - self._heard > LEASE_SECONDS / 2:
            self._sign()

    def give_up(self) -> None:
        """The lock is free for the next driver."""
        self._ended.set()
        self._signing.join()
        with suppress(RunDirectoryError):  # the next driver then waits
            self._write(msgspec.structs.replace(self._held, free=True))

    def _sign_on(self) -> None:
        while not self._ended.wait(SIGN_SECONDS):
            with suppress(RunDirectoryError):  # `check` will say so, before anything is written
                self._sign()

    def _sign(self) -> None:
        with self._one:
            began = time.monotonic()
            self._write(msgspec.structs.replace(self._held, signs=self._held.signs + 1))
            if _highest(self._objects) > self._number:
                self._heard = float("-inf")
                raise _in_use(self._objects)
            self._heard = began

    def _write(self, held: Held) -> None:
        self._objects.put({_name(self._number): msgspec.json.encode(held)})
        self._held = held


@contextmanager
def leased(objects: Objects, mirror: str, tell: Tell) -> Iterator[Lease]:
    """Holds the lock; RunDirectoryError that names the owner if another driver does.

    A driver that worked in the same `mirror` folder is dead: who is here holds the folder's own lock.
    """
    lease = _taken(objects, mirror, tell)
    try:
        yield lease
    finally:
        lease.give_up()


def _taken(objects: Objects, mirror: str, tell: Tell) -> Lease:
    number, held = holder(objects)
    if number and not (held and (held.free or held.mirror == mirror)):
        held = _silent(objects, number, held, tell)
    owner = Owner(host=socket.gethostname(), pid=os.getpid(), started=time.time())
    mine = Held(owner=owner, token=uuid.uuid4().hex, mirror=mirror)
    if not objects.create(_name(number + 1), msgspec.json.encode(mine)):
        raise _in_use(objects)
    if _read(objects, number + 1) != mine:  # a store that ignores the condition
        raise _in_use(objects)
    there = objects.names(FOLDER)
    if there[-1] != _name(number + 1) or _read(objects, number) != held:  # a newer driver, or the owner lives after all
        objects.remove([_name(number + 1)])
        raise _in_use(objects)
    objects.remove(there[:-1])
    return Lease(objects, number + 1, mine)


def _silent(objects: Objects, number: int, held: Held | None, tell: Tell) -> Held | None:
    """What the lock says once its owner must be dead or has ended; RunDirectoryError as soon as it gives a sign."""
    tell(f"{objects.uri}: locked by {described(held.owner if held else None)}; waiting for a sign of it")
    until = time.monotonic() + LEASE_SECONDS
    while time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        now = _read(objects, number)
        if now and now.free:
            return now
        if now != held:
            raise _in_use(objects)
    return held


def _in_use(objects: Objects) -> RunDirectoryError:
    _, held = holder(objects)
    return in_use(objects.uri, held.owner if held else None)


def _read(objects: Objects, number: int) -> Held | None:
    """None where there is none, or nothing that a driver wrote."""
    content = objects.get([_name(number)]).get(_name(number)) if number else None
    try:
        return msgspec.json.decode(content, type=Held) if content else None
    except msgspec.DecodeError:
        return None


def _highest(objects: Objects) -> int:
    names = objects.names(FOLDER)
    return int(names[-1].rpartition("/")[2]) if names else 0


def _name(number: int) -> str:
    return f"{FOLDER}/{number:08d}"
