"""One attempt at a trial of one process, as the driver sees it.  Seconds of a monotonic clock."""

from dataclasses import replace

from pipeline.cluster.silence import Silence
from pipeline.cluster.told import Begun, Sign
from pipeline.records import CertifyTrial, TrainTrial, Trial, TrialLimits

ITS_WORKER = "its worker"
SLOWER = 3  # times the time that a certificate gives itself, for one on a busy machine


class Running:
    """Handed to Ray; with a worker from when one has begun it."""

    def __init__(self, trial: Trial, limits: TrialLimits) -> None:
        self.trial = trial
        self.worker: Begun | None = None
        self._limits = _limits(trial, limits)
        self._silence = Silence([ITS_WORKER], self._limits, 0.0)
        self._began, self._beats = 0.0, 0

    def begin(self, worker: Begun, now: float) -> None:
        """It has begun in this worker."""
        self.worker, self._began = worker, now
        self._silence = Silence([ITS_WORKER], self._limits, now)

    def hear(self, sign: Sign, now: float) -> None:
        """It gave a sign of life, and perhaps of progress."""
        self._beats = sign.beats
        self._silence.heard(ITS_WORKER, sign.beats, now)

    def pardon(self, seconds: float) -> None:
        """The driver did not listen for so long: it was stopped, or busy."""
        self._silence.pardon(seconds)

    def overdue(self, now: float) -> str:
        """What there is to say if it has made no progress for too long; else ""."""
        return self._silence.broken([ITS_WORKER], now)

    def is_worth(self, seconds: float, now: float) -> bool:
        """Whether it trains, and has for so long that starting it anew would cost more than saving it."""
        return bool(self._beats) and now - self._began > seconds


def _limits(trial: Trial, limits: TrialLimits) -> TrialLimits:
    """What gives no signs of progress may take so long in all."""
    if isinstance(trial, TrainTrial):
        return limits
    whole = limits.whole_seconds
    if isinstance(trial, CertifyTrial):
        whole = max(whole, SLOWER * trial.time_limit)
    return replace(limits, start_seconds=whole)
