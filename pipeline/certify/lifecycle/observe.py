"""What one arm does in one corner of its life, and what two such observations mean for the pair."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from pipeline.certify.evaluation import Evaluation
from pipeline.certify.findings import first_line
from pipeline.certify.subject import Subject
from pipeline.certify.values.errors import gap
from pipeline.certify.weights import preserved
from pipeline.errors import ParityError
from pipeline.records import Finding, FindingOutcome, Level

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Life:
    """One arm with weights that are not its initial ones, the way to build it again, and a batch to call it on."""

    subject: Subject
    builder: Callable[[], Any]
    arrays: tuple[Array, ...]
    limit: float
    repeats: bool  # whether its draws, if any, come from its own seed state


@dataclass(frozen=True)
class Observation:
    """`works` with what it gave, `raises` a clear error, `wrong` comes back changed without a word, `skipped`."""

    status: Literal["works", "raises", "wrong", "skipped"]
    text: str = ""
    arrays: tuple[Array, ...] = ()


Observe = Callable[[Life], Observation]
SKIPPED = Observation("skipped")


def observed(observe: Observe, life: Life) -> Observation:
    """The observation; an error that the arm raises is one.  The arm keeps its weights and state."""
    try:
        with _quiet(), preserved(life.subject.model):
            return observe(life)
    except ParityError as problem:
        return Observation("raises", problem.what)
    except Exception as problem:  # anything that user code or Keras may raise
        return Observation("raises", first_line(problem))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Keras' and TensorFlow's remarks on retracing and exporting off the terminal."""
    logger = tf.get_logger()
    before = logger.level
    logger.setLevel("ERROR")
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(before)


def judge(level: Level, check: str, lives: Sequence[Life], observe: Observe) -> Finding:
    """One finding on both arms: alike, silently different, or loud in one."""
    first, second = (observed(observe, life) for life in lives)
    return compare(level, check, first, second, max(life.limit for life in lives))


def compare(level: Level, check: str, first: Observation, second: Observation, limit: float) -> Finding:
    """The finding that two observations make."""
    statuses = {first.status, second.status}
    if statuses == {"works"}:
        return _both_work(level, check, first, second, limit)
    if "skipped" in statuses:
        return Finding(level, check, "note", f"{check}: does not apply")
    told = [_told(name, each) for name, each in (("baseline", first), ("candidate", second))]
    if len(statuses) == 1:
        return Finding(level, check, "note", f"{check}: alike in both: {'; '.join(told)}")
    outcome: FindingOutcome = "different" if "wrong" in statuses else "loud"
    return Finding(level, check, outcome, f"{check}: {'; '.join(told)}")


def _told(name: str, each: Observation) -> str:
    verb = {"works": "works", "raises": "raises", "wrong": "is silently changed:", "skipped": "does not apply"}
    return f"the {name} {verb[each.status]} {each.text}".rstrip()


def _both_work(level: Level, check: str, first: Observation, second: Observation, limit: float) -> Finding:
    measured = gap(first.arrays, second.arrays)
    if measured.relative <= limit:
        return Finding(level, check, "same", f"{check}: both work{', with equal results' if first.arrays else ''}")
    size = measured.reason or f"by {measured.relative:.2g} of their scale"
    return Finding(level, check, "different", f"{check}: both work, with results that differ ({size})")


def changed(before: Evaluation, after: Evaluation, limit: float) -> str:
    """What a copy of an arm gives otherwise than the arm itself, or "" where nothing."""
    names = {
        "outputs": "outputs",
        "losses": "added losses",
        "input_gradients": "gradients",
        "weight_gradients": "gradients",
        "state": "state",
    }
    for group, name in names.items():
        if gap(getattr(before, group), getattr(after, group)).relative > limit:
            return f"other {name}"
    return ""


def arrays_of(values: Sequence[Any]) -> tuple[Array, ...]:
    """Tensors or arrays as arrays."""
    return tuple(np.asarray(value) for value in values)
