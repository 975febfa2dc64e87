"""What an arm is worth on held-out data.  N examples, O outputs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from sklearn.metrics import accuracy_score, average_precision_score, mean_squared_error, roc_auc_score

from pipeline.errors import DataError
from pipeline.records import Dataset, Examples
from pipeline.training.arms import Arm
from pipeline.training.losses import at_least_float32

BATCH = 2048
LIKED = 4.0  # a rating from here on counts as liked
Metrics = dict[str, float]
Array = npt.NDArray[Any]


def predictor(arm: Arm, examples: Examples) -> Callable[[], Array]:
    """Gives the outputs (N, O) for these examples, batch by batch, at inference; traced once."""
    batch = {
        name: tf.TensorSpec((None, *values.shape[1:]), tf.as_dtype(values.dtype))
        for name, values in examples.parts.items()
    }
    forward = tf.function(lambda parts: at_least_float32(arm.predict(parts)), input_signature=[batch])

    def predict() -> Array:
        cuts = [slice(start, start + BATCH) for start in range(0, len(examples), BATCH)]
        batches = ({name: tf.constant(values[cut]) for name, values in examples.parts.items()} for cut in cuts)
        return np.concatenate([forward(batch).numpy() for batch in batches])

    return predict


def metrics(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """The task's metrics of these outputs for the held-out examples."""
    return _METRICS[dataset.task](dataset, outputs_NO)


def _classification(dataset: Dataset, logits_NO: Array) -> Metrics:
    return {"accuracy": float(accuracy_score(dataset.test.targets, logits_NO.argmax(axis=1)))}


def _binary(dataset: Dataset, logits_N1: Array) -> Metrics:
    yes_N = np.asarray(dataset.test.targets) > 0
    accuracy = float(accuracy_score(yes_N, logits_N1[:, 0] > 0))
    return {"auc": _auc(yes_N, logits_N1[:, 0]), "accuracy": accuracy}


def _rating(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """The error of the rating, kept in 1..5, and how well it ranks liked above not liked."""
    ratings_N, liked_N = np.clip(outputs_NO[:, 0], 1.0, 5.0), np.asarray(dataset.test.targets, np.float64) >= LIKED
    rmse = float(np.sqrt(mean_squared_error(dataset.test.targets, ratings_N)))
    return {"rmse": rmse, "auc": _auc(liked_N, outputs_NO[:, 0])}


def _auc(yes_N: Array, scores_N: Array) -> float:
    """.5, chance, for a slice of examples that are all yes or all no."""
    return float(roc_auc_score(yes_N, scores_N)) if 0 < yes_N.sum() < len(yes_N) else 0.5


def _forecast(dataset: Dataset, outputs_NO: Array) -> Metrics:
    """How well the forecast's error ranks anomalies first (0 in a slice without any), its squared error on normal
    points, and how many points the largest error lies from the nearest anomaly (0: in it; N in a slice without any).
    """
    if dataset.test.labels is None:
        raise DataError(dataset.name, "has no anomaly labels", "use a data set that has them for a forecast task")
    error_NO = np.abs(outputs_NO - dataset.test.targets)
    normal_N = dataset.test.labels == 0
    score_N = error_NO.mean(axis=1)
    precision = 0.0 if normal_N.all() else average_precision_score(dataset.test.labels, score_N)
    return {
        "average_precision": float(precision),
        "forecast_mse": float(np.mean(error_NO[normal_N] ** 2)),
        "peak_distance": float(np.abs(np.flatnonzero(~normal_N) - score_N.argmax()).min(initial=len(score_N))),
    }


_METRICS: Mapping[str, Callable[[Dataset, Array], Metrics]] = MappingProxyType(
    {"classification": _classification, "binary": _binary, "rating": _rating, "forecast": _forecast}
)
