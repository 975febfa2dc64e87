"""What an arm is worth on held-out data.  N examples, O outputs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from sklearn.metrics import accuracy_score, average_precision_score, mean_squared_error, roc_auc_score

from pipeline.errors import DataError
from pipeline.records import Dataset
from pipeline.training.arms import Arm
from pipeline.training.losses import at_least_float32

BATCH = 2048
LIKED = 4.0  # a rating from here on counts as liked
Metrics = dict[str, float]
Array = npt.NDArray[Any]


def predictor(arm: Arm) -> Callable[[Array], Array]:
    """Inputs -> outputs (N, O), batch by batch, at inference; traced once."""
    forward = tf.function(lambda inputs: at_least_float32(arm.predict(inputs)), reduce_retracing=True)

    def predict(inputs: Array) -> Array:
        parts = [forward(tf.constant(inputs[i : i + BATCH])).numpy() for i in range(0, len(inputs), BATCH)]
        return np.concatenate(parts)

    return predict


def metrics(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """The task's metrics of these outputs for the held-out examples."""
    return _METRICS[dataset.task](dataset, outputs_NO)


def _classification(dataset: Dataset, logits_NO: Array) -> Metrics:
    return {"accuracy": float(accuracy_score(dataset.test_targets, logits_NO.argmax(axis=1)))}


def _rating(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """The error of the rating, kept in 1..5, and how well it ranks liked above not liked.

    The latter is .5, chance, for a slice of examples that are all liked or all not.
    """
    ratings_N, liked_N = np.clip(outputs_NO[:, 0], 1.0, 5.0), np.asarray(dataset.test_targets, np.float64) >= LIKED
    rmse = float(np.sqrt(mean_squared_error(dataset.test_targets, ratings_N)))
    both = 0 < liked_N.sum() < len(liked_N)
    return {"rmse": rmse, "auc": float(roc_auc_score(liked_N, outputs_NO[:, 0])) if both else 0.5}


def _forecast(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """How well the forecast's error ranks anomalies first (0 in a slice without any), and its squared error on
    normal points.
    """
    if dataset.test_labels is None:
        raise DataError(dataset.name, "has no anomaly labels", "use a data set that has them for a forecast task")
    error_NO = np.abs(outputs_NO - dataset.test_targets)
    normal_N = dataset.test_labels == 0
    precision = 0.0 if normal_N.all() else average_precision_score(dataset.test_labels, error_NO.mean(axis=1))
    return {"average_precision": float(precision), "forecast_mse": float(np.mean(error_NO[normal_N] ** 2))}


_METRICS: Mapping[str, Callable[[Dataset, Array], Metrics]] = MappingProxyType(
    {"classification": _classification, "rating": _rating, "forecast": _forecast}
)
