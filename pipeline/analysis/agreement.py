"""Agreement of a cell's arms with one device: measured per trial, judged here, worst over seeds and arms.

The first rule that holds:
not judged  asynchronous steps, which no two runs repeat: the numbers are shown, and no tolerance holds for them
differs     replicas hold different numbers
not judged  rounding alone may take weights further than WIDEST: long training under a mixed policy
agrees      no weight and no training loss is further from one device than the tolerance
differs     anything else

The same sums in another order round differently, and each step builds on the last.  Rounding errors of random sign add
up like the square root of their number, so a tolerance of CHECKED_STEPS steps grows like that with more.  Replicas see
the same summed update and start equal, so between them nothing may differ at all: a variable that does is one whose
updates were never brought together.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from pipeline.analysis.pairing import EvidenceError, PairedCell
from pipeline.analysis.wording import number
from pipeline.records import Agreement, Cell, CellAgreement, DataInfo, Run, TrainTrial

CHECKED_STEPS = 8
# By dtype policy: what a relative difference may reach under SGD, and under an adaptive optimizer, which divides by
# the size of past gradients and so makes small differences of small gradients large.  A mixed policy rounds every
# gradient to 8 or 11 bits, and a small one to less.
TOLERANCES: Mapping[str, tuple[float, float]] = {
    "float32": (1e-6, 1e-5),
    "float64": (1e-12, 1e-11),
    "mixed_bfloat16": (1e-1, 1e-1),
    "mixed_float16": (1e-2, 1e-1),
}
NOT_ADAPTIVE = frozenset({"sgd", "sparse_sgd"})
WIDEST = 0.2  # a tolerance beyond it would call anything the same

Judgement = Literal["agrees", "differs", "not judged"]
_Worst = tuple[float, str]


def agreement_of(paired: PairedCell, run: Run) -> CellAgreement | None:
    """The worst that was measured of a cell, judged; None where nothing was compared with one device.

    Raises EvidenceError if the run does not say how large the cell's data set is.
    """
    found = [item for evidence in paired.evidence for item in evidence.agreement]
    if not found:
        return None
    weights, weights_of = _worst(_named(item, item.weights) for item in found)
    replicas, replicas_of = _worst(_named(item, item.replicas) for item in found)
    train_loss = max(item.train_loss for item in found)
    tolerance = tolerance_of(paired.evidence[0].trial, _rows(paired, run.data))
    return CellAgreement(
        verdict=_verdict(paired.cell, max(weights, train_loss), replicas, tolerance),
        weights=weights,
        weights_of=weights_of,
        train_loss=train_loss,
        metrics=max((value for item in found for value in item.metrics.values()), default=0.0),
        replicas=replicas,
        replicas_of=replicas_of,
        tolerance=tolerance,
    )


def tolerance_of(trial: TrainTrial, rows: int) -> float:
    """What weights and loss may differ by, relative, after this trial on `rows` training examples."""
    training = trial.training
    steps = min(training.steps or math.inf, rows / training.global_batch) * training.epochs
    sgd, adaptive = TOLERANCES[trial.cell.dtype_policy]
    return (sgd if training.optimizer in NOT_ADAPTIVE else adaptive) * math.sqrt(max(1.0, steps / CHECKED_STEPS))


def disagreement(agreement: CellAgreement) -> str:
    """What differs, where and how much: `the class arm's state is 0.31 away from what it is on one device …`."""
    compared = ((agreement.weights, agreement.weights_of), (agreement.train_loss, "training loss"))
    parts = [
        f"the {what} is {number(value)} away from what it is on one device "
        f"(relative; tolerance {number(agreement.tolerance, 2)})"
        for value, what in compared
        if not value <= agreement.tolerance
    ][:1]
    if agreement.replicas:
        apart = number(agreement.replicas)
        parts.append(f"replicas hold different numbers in the {agreement.replicas_of}, up to {apart} apart")
    return "; ".join(parts)


def _verdict(cell: Cell, off: float, replicas: float, tolerance: float) -> Judgement:
    """The rules above; `off` is the larger of weights and loss."""
    if not cell.strategy.is_repeatable:
        return "not judged"
    if replicas:
        return "differs"
    if tolerance > WIDEST:
        return "not judged"
    return "agrees" if off <= tolerance else "differs"


def _named(item: Agreement, by_role: Mapping[str, float]) -> list[_Worst]:
    return [(value, f"{item.style} arm's {role}") for role, value in by_role.items()]


def _worst(groups: Iterable[list[_Worst]]) -> _Worst:
    """The largest, the first of equals."""
    return max((one for group in groups for one in group), key=lambda one: one[0], default=(0.0, ""))


def _rows(paired: PairedCell, data: Iterable[DataInfo]) -> int:
    trial = paired.evidence[0].trial
    for info in data:
        if info.name == trial.cell.data:
            return min(trial.rows or info.rows, info.rows)
    remedy = "run the config again in this directory: finished trials are skipped"
    raise EvidenceError(trial.label, f"the run does not say how many examples {trial.cell.data} has", remedy)
