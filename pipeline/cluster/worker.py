"""What happens to one trial in the process that runs it, whichever executor that is."""

import importlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast, get_args

import msgspec

from pipeline.errors import TrialError
from pipeline.records import Dataset, Evidence, Failure, FailureCategory, Outcome, Profile, Trial

Run = Callable[[Trial, Dataset | None], Evidence]
Configure = Callable[[Profile], None]


@dataclass(frozen=True)
class Runner:
    """How to run a trial and how to set a process up for its profile: `module:function`, or the functions.

    Names are resolved in the worker, so that a driver doesn't import what a worker needs.
    """

    run: str | Run = "pipeline.cluster.trials:run"
    configure: str | Configure = "pipeline.training.process:configure"


TRAINING = Runner()


def run_trial(trial: Trial, dataset: Dataset | None, runner: Runner = TRAINING) -> Outcome:
    """The evidence of the trial, or a Failure that says what went wrong: no exception of a trial gets out.

    Ctrl-C does, and a cancellation.
    """
    try:
        resolved(runner.configure)(trial.profile)
        return checked(resolved(runner.run)(trial, dataset))
    except (Exception, SystemExit) as error:
        return failure_of(trial, error)


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
    lines = str(error).strip().splitlines()
    message = lines[0] if lines else "no message"
    if not isinstance(error, TrialError):
        message = f"{type(error).__name__}: {message}"
    return Failure(
        trial=trial,
        category=_category(error),
        message=message,
        traceback="".join(traceback.format_exception(error)),
    )


def _category(error: BaseException) -> FailureCategory:
    if isinstance(error, TrialError) and error.category in get_args(FailureCategory):
        return cast(FailureCategory, error.category)
    # TensorFlow's own error for memory that can't be had; by name, because this module doesn't import TensorFlow.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "out_of_memory"
    return "user_code"
