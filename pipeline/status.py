"""How far a run is, read from its run directory alone, while a driver works there or after."""

import os
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.errors import RunDirectoryError
from pipeline.records import Failure, Plan, Record
from pipeline.status_record import Going, Progress, file_of
from pipeline.store import codec
from pipeline.store.lock import Owner
from pipeline.store.place import Place, opened
from pipeline.store.run_directory import RunDirectory

SILENT_SECONDS = 60.0  # six signs of life missed; for a driver on another machine, whose process can't be asked for

State = Literal["working", "silent", "gone", "not working"]

_PLANNING = "wait until its driver has planned, or run `parity run` with this --run-dir"
_DAMAGED = "delete this file: it is made again while the run goes on"


class Status(Record, frozen=True):
    """`state`: of the driver.  "gone": it died; "silent": it is on another machine and gave no sign for a while.

    `began` and `sign`, its beginning and last sign of life, are in seconds since the epoch, 0.0 where there is none.
    """

    run_dir: str
    state: State
    driver: str
    began: float
    sign: float
    planned: int
    finished: int
    failed: int
    waiting: int
    running: tuple[Going, ...]
    failures: tuple[tuple[str, str], ...]  # label, and what went wrong


def read(place: Place, now: float | None = None) -> Status:
    """RunDirectoryError if the place is no run directory, or has no plan yet."""
    with opened(place, named=("evidence",)) as files:
        return _read(str(place), RunDirectory.existing(files), now)


def _read(name: str, directory: RunDirectory, now: float | None) -> Status:
    paths, now = directory.paths, time.time() if now is None else now
    plan: Plan = codec.decode(paths.plan, Plan, _PLANNING)
    owner, progress = _owner(paths.lock), _progress(file_of(paths.root))
    state = _state(owner, progress, now)
    planned = {trial.id for trial in plan.trials}
    finished = planned & _ids(paths.evidence)
    running = tuple(going for going in progress.running if going.id not in finished) if state == "working" else ()
    failed = (planned & _ids(paths.failures)) - finished - {going.id for going in running}
    failures = [codec.decode(paths.failures / f"{name}.json", Failure, _DAMAGED) for name in sorted(failed)]
    return Status(
        run_dir=name,
        state=state,
        driver=f"process {owner.pid} on {owner.host}" if owner else "",
        began=owner.started if owner else progress.began,
        sign=progress.written,
        planned=len(planned),
        finished=len(finished),
        failed=len(failed),
        waiting=len(planned) - len(finished) - len(failed) - len(running),
        running=running,
        failures=tuple((failure.trial.label, f"{failure.category}: {failure.message}") for failure in failures),
    )


def lines(status: Status, now: float | None = None) -> list[str]:
    """The status in a few lines for people."""
    now = time.time() if now is None else now
    others = f"{len(status.running)} running, {status.failed} failed, {status.waiting} waiting"
    told = [
        f"{status.run_dir}: {_driver(status, now)}",
        f"{status.finished} of {status.planned} trials finished, {others}",
    ]
    told += [f"running for {_span(now - going.since)}: {going.label}" for going in status.running]
    told += [f"failed: {label}: {why}" for label, why in status.failures]
    kinds = Counter(why.partition(":")[0] for _, why in status.failures)
    if len(kinds) > 1:
        told.append("failures: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    return told


def _driver(status: Status, now: float) -> str:
    if status.state == "not working":
        left = status.planned - status.finished
        what = f"no driver works here; `parity run` with this --run-dir resumes the {left} left" if left else "finished"
        return what + (f", last {_span(now - status.sign)} ago" if status.sign else "")
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(status.began))
    sign = f", last sign {_span(now - status.sign)} ago" if status.sign else ""
    return f"{_STATES[status.state]} since {since} ({status.driver}){sign}"


_STATES: dict[State, str] = {
    "working": "at work",
    "silent": "silent, though at work",
    "gone": "its driver has died; it was at work",
}


def _state(owner: Owner | None, progress: Progress, now: float) -> State:
    if owner is None:
        return "not working"
    if owner.host == socket.gethostname():
        return "working" if _is_alive(owner.pid) else "gone"
    return "working" if now - max(progress.written, owner.started) < SILENT_SECONDS else "silent"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _owner(lock: Path) -> Owner | None:
    """The driver that the lock file names; None if none does."""
    try:
        return msgspec.json.decode(lock.read_bytes(), type=Owner)
    except (OSError, msgspec.DecodeError):
        return None


def _progress(file: Path) -> Progress:
    """An empty one where there is none: a run of an older version, or one that has not begun."""
    try:
        read: Progress = codec.decode(file, Progress, _DAMAGED)
    except RunDirectoryError:
        return Progress(0.0, 0.0, 0, ())
    return read


def _ids(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.json")}


def _span(seconds: float) -> str:
    """`12 s`, `3 min`, `5 h`, `2 d`."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
