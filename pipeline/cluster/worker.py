"""What happens to one trial in the process that runs it, whichever executor that is."""

import importlib
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast, get_args

import msgspec

from pipeline.cluster import forks
from pipeline.cluster.failed import failed
from pipeline.errors import TrialError
from pipeline.records import Dataset, Evidence, Failure, FailureCategory, Outcome, Profile, Trial

Run = Callable[..., Evidence]  # of a trial, and its data set or None
Configure = Callable[[Profile], None]


@dataclass(frozen=True)
class Runner:
    """How to run a trial and how to set a process up for its profile: `module:function`, or the functions.

    In a gang `run` gets a Monitor as well, and `serve` is what a process does that only serves the chief.  Names are
    resolved in the worker, so that a driver doesn't import what a worker needs.
    """

    run: str | Run = "pipeline.cluster.trials:run"
    configure: str | Configure = "pipeline.training.process:configure"
    serve: str | Callable[[], None] = "pipeline.training.server:serve"


TRAINING = Runner()


def run_trial(trial: Trial, dataset: Dataset | None, runner: Runner = TRAINING) -> Outcome:
    """The evidence of the trial, or a Failure that says what went wrong: no exception of a trial gets out.

    Ctrl-C does, and a cancellation.  Copies of the process that the trial forked are ended, and are its failure.
    """
    here = os.getpid()
    forks.tie_to_parent()
    try:
        resolved(runner.configure)(trial.profile)
        outcome: Outcome = checked(resolved(runner.run)(trial, dataset))
    except (Exception, SystemExit) as error:
        outcome = failure_of(trial, error)
    if os.getpid() != here:
        os._exit(0)  # a copy of the worker has no one to tell
    if copies := forks.end_copies():
        message = f"the trial forked its process and left {copies} running: TensorFlow stands still in a fork"
        return failed(trial, "user_code", message)
    return outcome


def resolved(function: str | Callable[..., Any]) -> Callable[..., Any]:
    """The function that a `module:function` names; a function as it is."""
    if not isinstance(function, str):
        return function
    module, _, name = function.partition(":")
    return cast(Callable[..., Any], getattr(importlib.import_module(module), name))


def checked(evidence: Evidence) -> Evidence:
    """The evidence as it reads back from JSON; TrialError if it can't be kept, e.g. for a NaN in its metrics."""
    try:
        return cast(Evidence, msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence))
    except msgspec.ValidationError as error:
        raise TrialError("numeric", f"the evidence can't be kept, a NaN in it perhaps ({error})") from error


def failure_of(trial: Trial, error: BaseException) -> Failure:
    """The Failure that an exception in a trial amounts to."""
    lines = (line for line in str(error).strip().splitlines() if line and not line.startswith(_WHERE))
    message = next(lines, "no message")
    if not isinstance(error, TrialError):
        message = f"{type(error).__name__}: {message}"
    return failed(trial, _category(error), message, traceback="".join(traceback.format_exception(error)))


def _category(error: BaseException) -> FailureCategory:
    if isinstance(error, TrialError) and error.category in get_args(FailureCategory):
        return cast(FailureCategory, error.category)
    if isinstance(error, MemoryError):
        return "out_of_memory"
    # TensorFlow's own errors by name, because this module doesn't import TensorFlow.
    if type(error).__module__.startswith("tensorflow."):
        name = "UnavailableError" if _PORT_TAKEN in str(error) else type(error).__name__
        return _TENSORFLOW_ERRORS.get(name, "user_code")
    return "user_code"


_PORT_TAKEN = "Could not start gRPC server"  # an UnknownError; another program was quicker

# What TensorFlow says before it says what went wrong.
_WHERE = ("Graph execution error:", "Detected at node ", "  File ")

_TENSORFLOW_ERRORS: Mapping[str, FailureCategory] = MappingProxyType(
    {
        "ResourceExhaustedError": "out_of_memory",
        "UnavailableError": "infrastructure",  # a peer is gone
        "AbortedError": "infrastructure",  # a peer came back as another process
        "CancelledError": "infrastructure",
        "DeadlineExceededError": "infrastructure",
    }
)
