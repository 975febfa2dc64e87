"""What every record is, and the words that several of them use."""

from collections.abc import Mapping
from typing import Literal

import msgspec

FRONTENDS = ("keras", "tf_keras")

Style = str  # "class", "functional", "lambda"
DataKind = Literal["vectors", "ids", "windows", "columns"]
Example = Literal["functional_lambda", "complex_layer", "stateful_layer"]
Device = Literal["cpu", "gpu", "tpu"]
Loop = Literal["custom", "fit"]
Task = Literal["classification", "rating", "forecast"]
Verdict = Literal["proven", "identical", "equivalent", "different", "inconclusive", "unsupported", "infeasible"]
FailureCategory = Literal["infrastructure", "out_of_memory", "timeout", "user_code", "numeric"]

# Metrics for which less is better.  The first metric of a task is its primary one.
LESS_IS_BETTER = frozenset({"rmse", "forecast_mse"})
TASK_METRICS: Mapping[str, tuple[str, ...]] = {
    "classification": ("accuracy",),
    "rating": ("rmse", "auc"),
    "forecast": ("average_precision", "forecast_mse"),
}


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every record: immutable, typed when read from JSON, unknown fields refused."""
