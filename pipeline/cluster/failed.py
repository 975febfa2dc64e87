"""A trial that failed, as it may be kept and shown: without what looks like a secret."""

from pipeline.records import Failure, FailureCategory, Trial
from pipeline.redacted import redact


def failed(trial: Trial, category: FailureCategory, message: str, *, traceback: str = "", attempts: int = 1) -> Failure:
    """The Failure.  Whoever's text it is, an exception of the user's or Ray's, `redact` has been over it."""
    return Failure(trial, category, redact(message), redact(traceback), attempts)
