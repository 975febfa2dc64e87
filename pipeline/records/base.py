"""What every record is, and the words that several of them use."""

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

FRONTENDS = ("keras", "tf_keras")

Style = str  # "class", "functional", "lambda"
DataKind = Literal["vectors", "ids", "bags", "windows", "columns"]
Part = Literal["vectors", "ids", "weights", "windows", "columns"]
Example = Literal["functional_lambda", "complex_layer", "stateful_layer", "captured_dense"]
Device = Literal["cpu", "gpu", "tpu"]
Loop = Literal["custom", "fit"]
Task = Literal["classification", "binary", "rating", "forecast"]
Verdict = Literal["proven", "identical", "equivalent", "different", "inconclusive", "unsupported", "infeasible"]
FailureCategory = Literal["infrastructure", "out_of_memory", "timeout", "user_code", "numeric"]

# Metrics for which less is better.  The first metric of a task is its primary one.
LESS_IS_BETTER = frozenset({"rmse", "forecast_mse", "peak_distance"})
TASK_METRICS: Mapping[str, tuple[str, ...]] = {
    "classification": ("accuracy",),
    "binary": ("auc", "accuracy"),
    "rating": ("rmse", "auc"),
    "forecast": ("average_precision", "forecast_mse"),
}

# Metrics that are shown and not judged: they jump, so no margin fits them.
SHOWN_METRICS: Mapping[str, tuple[str, ...]] = {"forecast": ("peak_distance",)}

# The parts of a data set that make up each kind.
KIND_PARTS: Mapping[DataKind, tuple[Part, ...]] = {
    "vectors": ("vectors",),
    "ids": ("ids",),
    "bags": ("ids", "weights"),
    "windows": ("windows",),
    "columns": ("columns",),
}


def in_order(found: Collection[str]) -> tuple[str, ...]:
    """These metrics, those of the task that they belong to first and in the task's order."""
    tasks = (names for names in TASK_METRICS.values() if set(names) <= set(found))
    own = max(tasks, key=len, default=())
    return (*own, *(name for name in found if name not in own))


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every record: immutable, typed when read from JSON, unknown fields refused."""
