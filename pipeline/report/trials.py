"""The tables of the report that are about trials and the workers that ran them."""

from datetime import UTC, datetime

from pipeline.analysis.pairing import metrics_in_order
from pipeline.analysis.wording import number, signed
from pipeline.records import CertifyEvidence, Evidence, ExampleEvidence, Record, Run, TrainEvidence, Trial, Worker
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


def moment(seconds: float) -> str:
    """`2025-06-15 15:06:40 UTC`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _row(trial: Trial, outcome: str, result: str, worker: Worker | None = None) -> TrialRow:
    cell = getattr(trial, "cell", None)
    return TrialRow(
        anchor=trial_anchor(trial.id),
        id=trial.id,
        label=trial.label,
        cell_anchor=cell_anchor(cell.label) if cell else "",
        outcome=outcome,
        result=result,
        seconds=worker.seconds if worker else None,
        worker=f"{worker.host}:{worker.pid}" if worker else "",
        gang=_gang(worker) if worker else "",
        warm=worker.warm if worker else None,
    )


def _gang(worker: Worker) -> str:
    """`gang of 2 (a:1, b:2), started twice`; empty for a process alone."""
    if not worker.members:
        return ""
    starts = {1: "", 2: ", started twice"}.get(worker.attempts, f", started {worker.attempts} times")
    return f"gang of {len(worker.members)} ({', '.join(worker.members)}){starts}"


def _result(item: Evidence) -> str:
    if isinstance(item, CertifyEvidence):
        return item.certificate.verdict
    return _train_result(item) if isinstance(item, TrainEvidence) else _example_result(item)


def _train_result(item: TrainEvidence) -> str:
    """`accuracy 0.931, +0.001`: the baseline's value and what the candidate adds."""
    baseline, candidate = item.arms
    return "; ".join(
        f"{name} {number(baseline.metrics[name], 4)}, {signed(candidate.metrics[name] - baseline.metrics[name])}"
        for name in metrics_in_order(baseline)
    )


def _example_result(item: ExampleEvidence) -> str:
    return "; ".join(f"{stage.name} {'worked' if stage.worked else 'failed'}" for stage in item.stages)
