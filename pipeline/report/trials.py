"""The tables of the report that are about trials and the workers that ran them."""

from datetime import UTC, datetime
from statistics import median

from pipeline.analysis.pairing import metrics_in_order
from pipeline.analysis.wording import count, number, signed
from pipeline.records import (
    ArmResult,
    CertifyEvidence,
    CertifyTrial,
    Evidence,
    ExampleEvidence,
    ExampleTrial,
    Record,
    Run,
    TimeEvidence,
    TimeTrial,
    TrainEvidence,
    Trial,
    Worker,
)
from pipeline.report.anchors import cell_anchor, trial_anchor


class TrialRow(Record, frozen=True):
    """What became of one trial."""

    anchor: str
    id: str
    label: str
    cell_anchor: str
    outcome: str
    result: str
    seconds: float | None
    worker: str
    gang: str
    warm: bool | None


class WorkerRow(Record, frozen=True):
    """One worker process."""

    name: str
    device: str
    trials: int
    busy_seconds: float
    first_was_cold: bool


def trial_rows(run: Run) -> tuple[TrialRow, ...]:
    """Every planned trial in order: with its evidence, failed, or not run."""
    found = {item.trial.id: item for item in run.evidence}
    failed = {item.trial.id: item for item in run.failures}
    rows = []
    for trial in run.plan.trials:
        if trial.id in found:
            item = found[trial.id]
            rows.append(_row(trial, "done", _result(item), item.worker))
        elif trial.id in failed:
            rows.append(_row(trial, "failed", failed[trial.id].message))
        else:
            rows.append(_row(trial, "not run", ""))
    return tuple(rows)


def worker_rows(run: Run) -> tuple[WorkerRow, ...]:
    """Every worker process that gave evidence, busiest first."""
    workers: dict[tuple[str, int], list[tuple[float, float, bool, str]]] = {}
    for item in run.evidence:
        at = item.worker
        workers.setdefault((at.host, at.pid), []).append((at.started, at.seconds, at.warm, at.device))
    rows = [
        WorkerRow(f"{host}:{pid}", min(work)[3], len(work), sum(part[1] for part in work), not min(work)[2])
        for (host, pid), work in workers.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.busy_seconds, row.name)))


def input_note(run: Run) -> str:
    """How many trials are input-bound, and the worst of them; empty where none is."""
    trained = [item for item in run.evidence if isinstance(item, TrainEvidence)]
    bound = [(arm, item.trial) for item in trained for arm in item.arms if arm.input_bound]
    if not bound:
        return ""
    arm, trial = min(bound, key=lambda pair: pair[0].input_examples_per_second / pair[0].examples_per_second)
    trials = len({trial.id for _, trial in bound})
    return (
        f"Input-bound: {trials} of {count(len(trained), 'train trial')}, in which making a batch takes more than half "
        f"of the time of a step. The worst is {trial.label}, {arm.style} arm: {_speeds(arm)}."
    )


def trial_name(trial: Trial) -> str:
    """Within its cell: `seed 3`, `timing 1`."""
    return f"timing {trial.process}" if isinstance(trial, TimeTrial) else f"seed {getattr(trial, 'seed', 0)}"


def moment(seconds: float) -> str:
    """`2025-06-15 15:06:40 UTC`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _row(trial: Trial, outcome: str, result: str, worker: Worker | None = None) -> TrialRow:
    certified = isinstance(trial, CertifyTrial) and outcome == "done"  # it has a place of its own on the page
    return TrialRow(
        anchor=f"{trial_anchor(trial.id)}-row" if certified else trial_anchor(trial.id),
        id=trial.id,
        label=trial.label,
        cell_anchor=trial_anchor(trial.id) if certified else _cell_anchor(trial),
        outcome=outcome,
        result=result,
        seconds=worker.seconds if worker else None,
        worker=f"{worker.host}:{worker.pid}" if worker else "",
        gang=_gang(worker) if worker else "",
        warm=worker.warm if worker else None,
    )


def _cell_anchor(trial: Trial) -> str:
    """Empty for what is about no cell of the plan."""
    return "" if isinstance(trial, CertifyTrial | ExampleTrial) else cell_anchor(trial.cell.label)


def _gang(worker: Worker) -> str:
    """`gang of 2 (a:1, b:2), started twice`; empty for a process alone."""
    if not worker.members:
        return ""
    starts = {1: "", 2: ", started twice"}.get(worker.attempts, f", started {worker.attempts} times")
    return f"gang of {len(worker.members)} ({', '.join(worker.members)}){starts}"


def _result(item: Evidence) -> str:
    if isinstance(item, CertifyEvidence):
        return item.certificate.verdict
    if isinstance(item, TimeEvidence):
        return _time_result(item)
    return _train_result(item) if isinstance(item, TrainEvidence) else _example_result(item)


def _train_result(item: TrainEvidence) -> str:
    """`accuracy 0.931, +0.001`: the baseline's value and what the candidate adds; whether an arm is input-bound."""
    baseline, candidate = item.arms
    metrics = [
        f"{name} {number(baseline.metrics[name], 4)}, {signed(candidate.metrics[name] - baseline.metrics[name])}"
        for name in metrics_in_order(baseline)
    ]
    bound = [f"{arm.style} arm input-bound: {_speeds(arm)}" for arm in item.arms if arm.input_bound]
    return "; ".join([*metrics, *bound])


def _speeds(arm: ArmResult) -> str:
    input_alone, trained = number(arm.input_examples_per_second), number(arm.examples_per_second)
    return f"{input_alone} examples a second from the input alone, {trained} in training"


def _time_result(item: TimeEvidence) -> str:
    """`forward 49.1 µs, × 0.984; step 322 µs, × 0.92`: the baseline's median and the candidate's over it."""
    parts = []
    for phase, timing in item.phases.items():
        own, other = (median(us for b in timing.blocks if b.arm == arm for us in b.step_us) for arm in (0, 1))
        parts.append(f"{phase} {number(own)} µs, × {number(other / own)}")
    return "; ".join(parts)


def _example_result(item: ExampleEvidence) -> str:
    return "; ".join(f"{stage.name} {'worked' if stage.worked else 'failed'}" for stage in item.stages)
