"""Runs a comparison over pairs in processes of their own, and counts what it said.

A process has one frontend and imports TensorFlow once.  One that dies, or takes longer over a pair than `time_limit`
allows, is replaced, and that pair counts as failed; the others go on.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from pipeline.selftest.confusion import Confusion, Judged
from pipeline.selftest.pair import Pair, against_themselves
from pipeline.selftest.worker import Answer, serve

STARTUP_SECONDS = 120.0  # a process's first pair also waits for TensorFlow


def run(
    pairs: Sequence[Pair],
    compare: Callable[..., Any],
    *,
    processes: int = 2,
    time_limit: float = 60.0,
    itself: bool = True,
) -> Confusion:
    """Judges every pair under each of its frontends, and (with `itself`) every baseline against itself.

    `compare(baseline, candidate, inputs, **options)` must be a module's function, so that a new process finds it; it
    gives something with `verdict`, `level` and `sentence`.  `time_limit` is in seconds a pair.
    """
    chosen = [*pairs, *against_themselves(pairs)] if itself else list(pairs)
    tasks = [(frontend, pair) for pair in chosen for frontend in pair.frontends]
    judged: dict[int, Judged] = {}
    for frontend in dict.fromkeys(frontend for frontend, _ in tasks):
        mine = [(index, pair) for index, (name, pair) in enumerate(tasks) if name == frontend]
        judged.update(_judge_all(mine, _Pool(frontend, compare, min(processes, len(mine)), time_limit)))
    return Confusion(tuple(judged[index] for index in sorted(judged)))


@dataclass
class _Worker:
    """A process, the pair it works on, and when its time is up (on the monotonic clock)."""

    process: SpawnProcess
    connection: Connection
    deadline: float
    fresh: bool = True
    index: int = -1


@dataclass(frozen=True)
class _Pool:
    frontend: str
    compare: Callable[..., Any]
    processes: int
    time_limit: float

    def start(self) -> _Worker:
        from pipeline.frontend import ENVIRONMENT_VARIABLE  # here: the new process must not import it through us

        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self.compare))
        with _environment(ENVIRONMENT_VARIABLE, self.frontend):
            process.start()
        theirs.close()
        return _Worker(process, ours, deadline=0.0)

    def give(self, worker: _Worker, index: int, pair: Pair) -> None:
        limit = self.time_limit + (STARTUP_SECONDS if worker.fresh else 0.0)
        worker.index, worker.fresh, worker.deadline = index, False, time.monotonic() + limit
        with contextlib.suppress(BrokenPipeError):  # it died just now: what is received says so
            worker.connection.send(pair)


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """A process takes over its parent's environment as it starts, before it imports anything."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _judge_all(tasks: Iterable[tuple[int, Pair]], pool: _Pool) -> dict[int, Judged]:
    waiting, judged = list(tasks)[::-1], {}
    pairs = dict(waiting)
    workers = [pool.start() for _ in range(pool.processes)]
    try:
        for worker in workers:
            pool.give(worker, *waiting.pop())
        while workers:
            for worker, answer in _answers(workers):
                judged[worker.index] = _judged(pool.frontend, pairs[worker.index], answer)
                workers.remove(worker)
                successor = _successor(worker, pool, bool(waiting))
                if successor is not None:
                    pool.give(successor, *waiting.pop())
                    workers.append(successor)
    finally:
        for worker in workers:
            _stop(worker)
    return judged


def _answers(workers: Sequence[_Worker]) -> Iterable[tuple[_Worker, Answer]]:
    """Waits until a worker has answered, died or run out of time; gives each that did."""
    by_connection = {worker.connection: worker for worker in workers}
    patience = max(0.0, min(worker.deadline for worker in workers) - time.monotonic())
    ready = wait(list(by_connection), timeout=patience)
    for connection, worker in by_connection.items():
        if connection in ready:
            yield worker, _receive(worker)
        elif time.monotonic() > worker.deadline:
            _stop(worker)
            yield worker, Answer("failed", detail="ran out of time")


def _receive(worker: _Worker) -> Answer:
    try:
        answer: Answer = worker.connection.recv()
    except EOFError:
        worker.process.join()
        return Answer("failed", detail=f"its process died with exit code {worker.process.exitcode}")
    return answer


def _successor(worker: _Worker, pool: _Pool, needed: bool) -> _Worker | None:
    """Who takes the next pair: the worker itself, or another in its place; None where there is no pair left."""
    if needed and worker.process.is_alive():
        return worker
    _stop(worker)
    return pool.start() if needed else None


def _stop(worker: _Worker) -> None:
    worker.connection.close()
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()


def _judged(frontend: str, pair: Pair, answer: Answer) -> Judged:
    return Judged(
        name=pair.name,
        frontend=frontend,
        split=pair.split,
        truth=pair.truth,
        level=pair.level,
        verdict=answer.verdict,
        said_level=answer.level,
        detail=answer.detail,
        seconds=answer.seconds,
    )
