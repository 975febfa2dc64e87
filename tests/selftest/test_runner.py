"""The runner judges pairs in processes of their own, and survives what they do."""

import os
import time
from dataclasses import dataclass

from pipeline.records import InputSpec
from pipeline.selftest.pair import Pair, against_themselves, different, same
from pipeline.selftest.runner import run

ROW = InputSpec((3,))


@dataclass(frozen=True)
class Certificate:
    verdict: str
    level: str
    sentence: str = "measured"


def one() -> int:
    return 1


def two() -> int:
    return 2


def raises() -> int:
    raise ValueError("no such arm")


def dies() -> int:
    os._exit(3)


def sleeps() -> int:
    time.sleep(600)
    return 1


def frontend() -> str:
    return os.environ["PARITY_FRONTEND"]


def by_value(baseline, candidate, inputs):
    """Says that two arms are the same where they give equal numbers."""
    assert inputs == [ROW]
    alike = baseline() == candidate()
    return Certificate("identical" if alike else "different", "" if alike else "values")


def by_optimizers(*_arms, optimizers, **_inputs):
    """Says which optimizers it was given."""
    return Certificate("different", ",".join(optimizers))


def tells_frontend(baseline, *_candidate, **_inputs):
    """Says which frontend its process has."""
    return Certificate("different", baseline())


def test_a_baseline_of_several_pairs_meets_itself_once():
    pairs = [same("a", one, one, ROW, why="1."), different("values", "b", one, two, ROW, why="1, 2.")]
    assert [pair.candidate for pair in against_themselves(pairs)] == [one]


def verdicts(confusion) -> list[str]:
    return [judged.verdict for judged in confusion.judged]


def test_pairs_are_judged_in_their_order_with_each_baseline_against_itself():
    pairs = [different("values", "a", one, two, ROW, why="1, 2."), same("b", two, two, ROW, why="2, 2.")]
    confusion = run(pairs, by_value)
    assert [judged.name for judged in confusion.judged] == [
        "a",
        "b",
        "a (baseline against itself)",
        "b (baseline against itself)",
    ]
    assert verdicts(confusion) == ["different", "identical", "identical", "identical"]
    assert confusion.passed


def test_a_pair_that_raises_dies_or_hangs_fails_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr("pipeline.selftest.runner.STARTUP_SECONDS", 4.0)
    arms = (raises, dies, sleeps, one)
    pairs = [same(arm.__name__, arm, arm, ROW, why="One arm.") for arm in arms]
    confusion = run(pairs, by_value, time_limit=1.0, itself=False)
    assert verdicts(confusion) == ["failed", "failed", "failed", "identical"]
    details = [judged.detail for judged in confusion.judged]
    assert details == ["ValueError: no such arm", "its process died with exit code 3", "ran out of time", "measured"]


def test_the_optimizers_that_a_truth_is_about_are_handed_on():
    pair = different("update", "a", one, two, ROW, why="1, 2.", optimizers=("sgd",))
    assert run([pair], by_optimizers, itself=False).judged[0].said_level == "sgd"


def test_a_pair_runs_under_each_of_its_frontends():
    pair = Pair("a", "different", "values", frontend, two, (ROW,), "1, 2.", frontends=("keras", "tf_keras"))
    judged = run([pair], tells_frontend, itself=False).judged
    assert [(one.frontend, one.said_level) for one in judged] == [("keras", "keras"), ("tf_keras", "tf_keras")]
