"""A worker process that has run other trials gives what a fresh one gives, and does not grow.

The long version, of 20 kinds of trial, is `python benchmarks/warm_workers.py`.
"""

import pytest

from benchmarks.warm_workers import KINDS, fresh, numbers, trials, warm
from pipeline.records import TrainEvidence

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]  # the timeout: of the first test, for which all trials run

CHOSEN = trials("keras", KINDS[:5])
ROUNDS = 3


@pytest.fixture(scope="module")
def found() -> list[tuple[TrainEvidence, float]]:
    """Of ROUNDS times the chosen kinds, in turn: the evidence, and the worker's memory after it."""
    return list(warm(CHOSEN * ROUNDS))


def test_one_process_runs_them_all(found):
    assert len({evidence.worker.pid for evidence, _ in found}) == 1
    assert [evidence.worker.warm for evidence, _ in found] == [False] + [True] * (len(CHOSEN) * ROUNDS - 1)


def test_a_warm_process_gives_bitwise_what_a_fresh_one_gives(found):
    alone = [numbers(evidence) for evidence in fresh(CHOSEN)]
    assert [numbers(evidence) for evidence, _ in found] == alone * ROUNDS


def test_memory_stays_flat_after_the_first_round(found):
    after_round = [mib for _, mib in found[len(CHOSEN) - 1 :: len(CHOSEN)]]
    assert after_round[-1] < 1.1 * after_round[0]
