"""Inputs tried at a door: how many it refused, and what escaped from it."""

import contextlib
import io
import signal
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import hypothesis

from benchmarks.fuzz.configs import CONFIG_DOORS
from benchmarks.fuzz.data import DATA_DOORS
from benchmarks.fuzz.door import Door
from benchmarks.fuzz.runs import RUN_DOORS
from pipeline.errors import ParityError

DOORS = {**CONFIG_DOORS, **DATA_DOORS, **RUN_DOORS}
SECONDS = 20.0  # the most that one input may take
SHOWN = 300


class TooLong(BaseException):
    """An input that keeps its reader busy."""


@dataclass
class Found:
    """What became of the inputs; `escaped` has, for each place that an error escaped from, its text and one input."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    escaped: dict[str, str] = field(default_factory=dict)


def fuzz(door: Door, inputs: int, seed: int) -> Found:
    """Tries so many inputs."""
    found = Found()

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(door.inputs)
    def each(case: object) -> None:
        found.inputs += 1
        try:
            with within(SECONDS):
                door.read(case)
        except ParityError:
            found.refused += 1
        except (Exception, TooLong) as problem:
            found.escaped.setdefault(place(problem), f"{str(problem)[:SHOWN]!r} at {repr(case)[:SHOWN]}")

    began = time.perf_counter()
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        each()
    found.seconds = time.perf_counter() - began
    return found


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooLong in what takes longer."""

    def stop(*_: object) -> None:
        raise TooLong(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def place(problem: BaseException) -> str:
    """The error, and the last line of this program that it passed."""
    own = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/pipeline/" in frame.filename]
    where = f"{own[-1].filename.rpartition('/pipeline/')[2]}:{own[-1].lineno}" if own else "the harness"
    return f"{type(problem).__name__} in {where}"
