"""The process that compares pairs one after another, as they are sent to it."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, get_args

from pipeline.records import Record
from pipeline.selftest.confusion import Verdict
from pipeline.selftest.pair import Pair


class Answer(Record, frozen=True):
    """What was said of one pair, and how long it took."""

    verdict: Verdict
    level: str = ""
    detail: str = ""
    seconds: float = 0.0


def serve(connection: Connection, compare: Callable[..., Any]) -> None:
    """Answers one pair after another until the other end closes."""
    while True:
        try:
            pair = connection.recv()
        except EOFError:
            return
        connection.send(answer(pair, compare))


def answer(pair: Pair, compare: Callable[..., Any]) -> Answer:
    """What `compare` says of a pair.  It gets no map of the weights and no truth; an exception is "failed".

    `detail` is the certificate's sentence.
    """
    options = {"optimizers": pair.optimizers} if pair.optimizers else {}
    start = time.monotonic()
    try:
        certificate = compare(pair.baseline, pair.candidate, inputs=list(pair.inputs), **options)
        verdict, level, detail = certificate.verdict, certificate.level, certificate.sentence
    except Exception as error:
        return Answer("failed", detail=f"{type(error).__name__}: {error}", seconds=time.monotonic() - start)
    seconds = time.monotonic() - start
    if verdict not in get_args(Verdict):
        return Answer("failed", detail=f"unknown verdict {verdict!r}", seconds=seconds)
    return Answer(verdict, level, detail, seconds)
