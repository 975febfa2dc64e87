"""How far a run is: a live display on a terminal, plain lines where the output is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from pipeline.printable import clean
from pipeline.records import Failure, Outcome, Trial

MANY_TRIALS = 200
THROTTLE_SECONDS = 5.0  # between plain lines of a run of many trials


@dataclass
class Tally:
    """The counts of a run under way.  `clock` gives seconds."""

    total: int
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    failed: int = 0
    running: int = 0
    most_running: int = 1
    trial_seconds: float = 0.0  # of the done trials that say how long they took
    timed: int = 0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def begun(self) -> None:
        """One more trial runs."""
        self.running += 1
        self.most_running = max(self.most_running, self.running)

    def ended(self, outcome: Outcome) -> None:
        """One trial less runs."""
        self.running = max(0, self.running - 1)
        self.done += 1
        if isinstance(outcome, Failure):
            self.failed += 1
        else:
            self.trial_seconds += outcome.worker.seconds
            self.timed += 1

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self.clock() - self.began

    @property
    def seconds_left(self) -> float | None:
        """What is left at the trials' mean length and the most that ran at once; None before the first is done.

        A running trial counts as half done.
        """
        if not self.timed:
            return None
        trials_left = self.total - self.done - 0.5 * self.running
        return trials_left * (self.trial_seconds / self.timed) / self.most_running


class Display(Protocol):
    """What shows a run's progress."""

    def begun(self, trial: Trial) -> None:
        """A trial has begun on a worker."""

    def ended(self, outcome: Outcome) -> None:
        """A trial has given its evidence, or failed."""


class Lines:
    """A plain line for each trial that ends; of many trials, one every few seconds and every failure."""

    def __init__(self, tally: Tally, console: Console) -> None:
        self._tally, self._console = tally, console
        self._quiet_until = 0.0

    def begun(self, trial: Trial) -> None:
        """Counts it."""
        del trial
        self._tally.begun()

    def ended(self, outcome: Outcome) -> None:
        """Prints its line."""
        self._tally.ended(outcome)
        tally = self._tally
        failed, last = isinstance(outcome, Failure), tally.done == tally.total
        if tally.total > MANY_TRIALS and tally.elapsed < self._quiet_until and not (failed or last):
            return
        self._quiet_until = tally.elapsed + THROTTLE_SECONDS
        left = "" if tally.seconds_left is None or last else f", about {_clock(tally.seconds_left)} left"
        head = f"[{tally.done}/{tally.total}] {_clock(tally.elapsed)}{left}"
        _print(self._console, f"{head}  {_describe(outcome)}")


class Bar:
    """One line that is drawn again and again; failures are printed above it."""

    def __init__(self, tally: Tally, bar: Progress) -> None:
        self._tally, self._bar = tally, bar
        self._task: TaskID = bar.add_task("trials", total=tally.total, state="starting")

    def begun(self, trial: Trial) -> None:
        """Counts it as running."""
        del trial
        self._tally.begun()
        self._draw()

    def ended(self, outcome: Outcome) -> None:
        """Counts it as done."""
        self._tally.ended(outcome)
        if isinstance(outcome, Failure):
            _print(self._bar.console, _describe(outcome))
        self._draw()

    def _draw(self) -> None:
        tally = self._tally
        left = "" if tally.seconds_left is None else f" · about {_clock(tally.seconds_left)} left"
        state = f"{tally.running} running · {tally.failed} failed{left}"
        self._bar.update(self._task, completed=tally.done, state=state)


@contextmanager
def shown(total: int, console: Console, clock: Callable[[], float] = time.monotonic) -> Iterator[Display]:
    """Shows the progress of `total` trials on the console until the exit, in the form that suits the console."""
    tally = Tally(total, clock)
    if not console.is_terminal:
        yield Lines(tally, console)
        return
    elapsed = TextColumn("{task.elapsed:.0f} s")
    state = TextColumn("{task.fields[state]}", markup=False)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), elapsed, state, console=console
    ) as bar:
        yield Bar(tally, bar)


def _describe(outcome: Outcome) -> str:
    if isinstance(outcome, Failure):
        return f"FAILED ({outcome.category}) {outcome.trial.label}: {outcome.message}"
    return f"{outcome.trial.label}: {outcome.worker.seconds:.1f} s"


def _print(console: Console, line: str) -> None:
    console.print(clean(line), markup=False, highlight=False, soft_wrap=True)


def _clock(seconds: float) -> str:
    """Minutes and seconds, "1:05"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"
