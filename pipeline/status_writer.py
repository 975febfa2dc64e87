"""Keeps the run directory's progress.json while trials run.  The driver's own, like every file there."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from pipeline.errors import RunDirectoryError
from pipeline.progress import Display
from pipeline.records import Outcome, Trial
from pipeline.status_record import Going, Progress, file_of
from pipeline.store import codec
from pipeline.store.files import Files, files_at

LOOK_SECONDS = 1.0  # the oldest that a change gets before it is written
SIGN_SECONDS = 10.0  # between signs of life where nothing changes

Watch = Callable[[int, int], AbstractContextManager[Display]]


def recorded(watch: Watch, place: Path | Files) -> Watch:
    """The same watch, which also keeps in the run directory at `place` what is under way."""

    @contextmanager
    def both(todo: int, before: int) -> Iterator[Display]:
        with watch(todo, before) as shown:
            record = _Record(shown, files_at(place))
            writer = threading.Thread(target=record.keep, daemon=True)
            writer.start()
            try:
                yield record
            finally:
                record.close()
                writer.join()

    return both


class _Record:
    """A Display that hands everything on, and notes it.  What a trial costs it does not depend on their number."""

    def __init__(self, shown: Display, files: Files) -> None:
        self._shown, self._files, self._began = shown, files, time.time()
        self._running: dict[str, Going] = {}
        self._ended = 0
        self._lock, self._closed, self._changed = threading.Lock(), threading.Event(), True

    def begun(self, trial: Trial) -> None:
        with self._lock:
            self._running[trial.id] = Going(trial.id, trial.label, time.time())
            self._changed = True
        self._shown.begun(trial)

    def ended(self, outcome: Outcome) -> None:
        with self._lock:
            self._running.pop(outcome.trial.id, None)
            self._ended += 1
            self._changed = True
        self._shown.ended(outcome)

    def close(self) -> None:
        """Nothing runs any more."""
        with self._lock:
            self._running.clear()
            self._changed = True
        self._closed.set()

    def keep(self) -> None:
        """Writes what has changed, and a sign of life, until it is closed."""
        written = 0.0
        while True:
            closed = self._closed.is_set()
            with self._lock:
                due = self._changed or time.monotonic() - written > SIGN_SECONDS
                self._changed = False
                progress = Progress(self._began, time.time(), self._ended, tuple(self._running.values()))
            if due:
                written = time.monotonic()
                with suppress(RunDirectoryError):  # a full disk is told by the writes that matter
                    self._files.write(file_of(self._files.root), codec.encode(progress), durable=False)
            if closed:
                return
            self._closed.wait(LOOK_SECONDS)
