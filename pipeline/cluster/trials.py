"""What a worker runs: a trial of any kind, in a process that is set up for its profile."""

import msgspec
import ray

from pipeline.errors import DataError
from pipeline.records import CertifyEvidence, CertifyTrial, Dataset, Evidence, TimeTrial, Trial
from pipeline.training import worker
from pipeline.training.monitor import UNWATCHED, Monitor
from pipeline.training.run import run as train


def run(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Raises TrialError for what belongs to the trial, DataError if a trial lacks the data that it needs."""
    evidence = _run(trial, dataset, monitor)
    return msgspec.structs.replace(evidence, worker=msgspec.structs.replace(evidence.worker, node=_node()))


def _node() -> str:
    """Ray's id of this node; "" in a process that is none of Ray's."""
    return str(ray.get_runtime_context().get_node_id()) if ray.is_initialized() else ""


def _run(trial: Trial, dataset: Dataset | None, monitor: Monitor) -> Evidence:
    if not isinstance(trial, CertifyTrial | TimeTrial):
        return train(trial, dataset, monitor)
    if dataset is None:
        raise DataError(trial.cell.data, "was not handed to the trial", "load it and pass it to run")
    return _certify(trial, dataset) if isinstance(trial, CertifyTrial) else _time(trial, dataset)


def _certify(trial: CertifyTrial, dataset: Dataset) -> Evidence:
    from pipeline.certify.trial import certify

    began = worker.started()
    certificate = certify(trial, dataset)
    return CertifyEvidence(trial, certificate, worker.describe(trial.profile, began))


def _time(trial: TimeTrial, dataset: Dataset) -> Evidence:
    from pipeline.timing.trial import time_cell

    return time_cell(trial, dataset)
