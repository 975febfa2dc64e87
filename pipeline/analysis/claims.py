"""The article's claims, each answered from the evidence of this run, or said to be unanswered.

The article: "Are TensorFlow/Keras custom layers equivalent in functionality?" (2025-01-30).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pipeline.analysis import certificate_answers, code_answers, cost_answers, start_answers
from pipeline.analysis import claim_answers as answers
from pipeline.analysis.answer import Answer
from pipeline.records import CellSummary, Record, Run

Status = Literal["measured", "partly", "not measured"]


class Claim(Record, frozen=True):
    """One row of the claims table.  `missing` says what would complete the answer and which key of the config adds it;
    empty: nothing.
    """

    id: str
    claim: str
    status: Status
    answer: str
    missing: str
    cells: tuple[str, ...] = ()  # labels
    trials: tuple[str, ...] = ()  # ids


class _Question(Record, frozen=True):
    claim: str
    answer: Callable[[Run, Sequence[CellSummary]], Answer]


QUESTIONS: Mapping[str, _Question] = {
    "C1": _Question("Class and functional layers can express the same things.", answers.all_families),
    "C2": _Question(
        "Example 1: a lambda that wires Dense and Activation works as a layer of a Sequential.",
        answers.example("functional_lambda", "projection"),
    ),
    "C3": _Question(
        "Example 2: a Layer subclass with its own build and call does the same.",
        answers.example("complex_layer", "projection"),
    ),
    "C4": _Question(
        "Example 3: a Layer can carry state in a Python attribute from call to call.",
        answers.example("stateful_layer", "stateful"),
    ),
    "C5": _Question(
        "State is impossible in the functional style without obfuscation.",
        code_answers.stateful,
    ),
    "C6": _Question(
        "A class controls the initialisation of its weights; a lambda hides it.",
        start_answers.initialisation,
    ),
    "C7": _Question(
        "Functional is the shorter style for simple layers, class the more maintainable for complex ones.",
        code_answers.conciseness,
    ),
    "C8": _Question("Either style, used wrongly, breaks saving.", certificate_answers.lifecycle),
    "C9": _Question(
        "Either style, used wrongly, breaks Keras' training loops.",
        answers.training,
    ),
    "C10": _Question("(Not claimed, but decisive) both cost the same.", cost_answers.costs),
}


def answer_claims(run: Run, summaries: Sequence[CellSummary]) -> tuple[Claim, ...]:
    """Every claim, in order, with the answer that this run supports."""
    return tuple(_row(name, question, run, summaries) for name, question in QUESTIONS.items())


def _row(name: str, question: _Question, run: Run, summaries: Sequence[CellSummary]) -> Claim:
    answer = question.answer(run, summaries)
    if not answer.sentence:
        return Claim(
            id=name,
            claim=question.claim,
            status="not measured",
            answer="Not measured in this run.",
            missing=answer.missing,
        )
    return Claim(
        id=name,
        claim=question.claim,
        status="partly" if answer.missing else "measured",
        answer=answer.sentence,
        missing=answer.missing,
        cells=answer.cells,
        trials=answer.trials,
    )
