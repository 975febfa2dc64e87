"""Evidence to pairs: per cell, what every planned seed gave, and per metric both arms' values.  S seeds, ascending.

Only the plan's trials count, so evidence that an older source or config left in the directory is never mixed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.statistics import Floats
from pipeline.errors import ParityError
from pipeline.records import SHOWN_METRICS, ArmResult, Cell, Failure, Run, TrainEvidence, TrainTrial, in_order

_SHOWN = frozenset(name for names in SHOWN_METRICS.values() for name in names)


class EvidenceError(ParityError):
    """Evidence can't be paired: an arm, a metric or a margin is missing."""


@dataclass(frozen=True)
class PairedMetric:
    """One metric of both arms, aligned by seed."""

    name: str
    baseline_S: Floats
    candidate_S: Floats

    @property
    def difference_S(self) -> Floats:
        """Candidate minus baseline."""
        return self.candidate_S - self.baseline_S

    @property
    def finite(self) -> bool:
        """Whether it is a number in both arms for every seed."""
        return bool(np.all(np.isfinite((self.baseline_S, self.candidate_S))))

    def first(self, seeds: int) -> "PairedMetric":
        """Of so many seeds only."""
        return PairedMetric(self.name, self.baseline_S[:seeds], self.candidate_S[:seeds])


@dataclass(frozen=True)
class PairedCell:
    """Everything a run knows of one cell.  `unfinished` seeds have neither evidence nor a failure."""

    cell: Cell
    planned: tuple[int, ...]
    evidence: tuple[TrainEvidence, ...]
    failures: tuple[Failure, ...]
    failed: tuple[int, ...]
    unfinished: tuple[int, ...]
    metrics: tuple[PairedMetric, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds with evidence, in the order of every array."""
        return tuple(found.trial.seed for found in self.evidence)

    @property
    def whole(self) -> bool:
        """Every planned seed gave evidence."""
        return len(self.evidence) == len(self.planned)

    @property
    def bitwise(self) -> bool:
        """Both arms ended with the same bits in weights, losses and metrics, for every seed with evidence."""
        return bool(self.evidence) and all(_bits(found.arms[0]) == _bits(found.arms[1]) for found in self.evidence)


def pair(run: Run) -> tuple[PairedCell, ...]:
    """The plan's cells in order, with what was found of them.

    Raises EvidenceError if a pair lacks an arm or a metric.
    """
    found = {item.trial.id: item for item in run.evidence if isinstance(item, TrainEvidence)}
    failed = {item.trial.id: item for item in run.failures if item.trial.id not in found}
    trials: dict[Cell, list[TrainTrial]] = {cell: [] for cell in run.plan.cells}
    for trial in run.plan.trials:
        if isinstance(trial, TrainTrial):
            trials.setdefault(trial.cell, []).append(trial)
    return tuple(_pair_cell(cell, of_cell, found, failed) for cell, of_cell in trials.items())


def metrics_in_order(arm: ArmResult) -> tuple[str, ...]:
    """The names of an arm's metrics, the task's primary one first, whatever order a file has them in."""
    return in_order(sorted(arm.metrics))


def _pair_cell(
    cell: Cell, trials: list[TrainTrial], found: dict[str, TrainEvidence], failed: dict[str, Failure]
) -> PairedCell:
    in_order = sorted(trials, key=lambda trial: trial.seed)
    evidence = tuple(found[trial.id] for trial in in_order if trial.id in found)
    return PairedCell(
        cell=cell,
        planned=tuple(trial.seed for trial in in_order),
        evidence=evidence,
        failures=tuple(failed[trial.id] for trial in in_order if trial.id in failed),
        failed=tuple(trial.seed for trial in in_order if trial.id in failed),
        unfinished=tuple(trial.seed for trial in in_order if trial.id not in found and trial.id not in failed),
        metrics=_metrics(evidence),
    )


def _metrics(evidence: tuple[TrainEvidence, ...]) -> tuple[PairedMetric, ...]:
    for found in evidence:
        _check(found)
    if not evidence:
        return ()
    names = [name for name in metrics_in_order(evidence[0].arms[0]) if name not in _SHOWN]
    return tuple(
        PairedMetric(name, *(_values(name, (found.arms[arm] for found in evidence)) for arm in (0, 1)))
        for name in names
    )


def _values(name: str, arms: Iterable[ArmResult]) -> Floats:
    return np.array([arm.metrics[name] for arm in arms], dtype=np.float64)


def _check(found: TrainEvidence) -> None:
    """Raises EvidenceError unless the arms are the cell's, in order, with the same metrics."""
    cell, styles = found.trial.cell, tuple(arm.style for arm in found.arms)
    remedy = "delete this evidence record and run again"
    if styles != (cell.baseline, cell.candidate):
        raise EvidenceError(found.trial.label, f"arms are {styles}, not {(cell.baseline, cell.candidate)}", remedy)
    names = [sorted(arm.metrics) for arm in found.arms]
    if names[0] != names[1]:
        raise EvidenceError(found.trial.label, f"the arms have metrics {names[0]} and {names[1]}", remedy)


def _bits(arm: ArmResult) -> tuple[object, ...]:
    """What must be equal for `identical`; hex keeps every bit, tells 0 from -0, and lets a NaN equal a NaN."""
    metrics = tuple((name, value.hex()) for name, value in sorted(arm.metrics.items()))
    return (
        arm.weights_digest,
        metrics,
        tuple(map(float.hex, arm.train_loss)),
        tuple(map(float.hex, arm.held_out)),
    )
