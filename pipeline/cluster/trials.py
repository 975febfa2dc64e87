"""What a worker runs: a trial of any kind, in a process that is set up for its profile."""

from pipeline.errors import DataError
from pipeline.records import CertifyEvidence, CertifyTrial, Dataset, Evidence, Trial
from pipeline.training import worker
from pipeline.training.monitor import UNWATCHED, Monitor
from pipeline.training.run import run as train


def run(trial: Trial, dataset: Dataset | None, monitor: Monitor = UNWATCHED) -> Evidence:
    """Raises TrialError for what belongs to the trial, DataError if a trial lacks the data that it needs."""
    if not isinstance(trial, CertifyTrial):
        return train(trial, dataset, monitor)
    if dataset is None:
        raise DataError(trial.cell.data, "was not handed to the trial", "load it and pass it to run")
    from pipeline.certify.trial import certify

    began = worker.started()
    certificate = certify(trial, dataset)
    return CertifyEvidence(trial, certificate, worker.describe(trial.profile, began))
