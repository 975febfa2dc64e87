from dataclasses import replace

import numpy as np
import pytest
from synthetic import digits, ratings, series

from pipeline.errors import DataError
from pipeline.training import evaluate


def test_accuracy_is_the_share_of_right_classes():
    dataset = replace(digits(), test_targets=np.array([0, 1, 2, 2]))
    logits_NO = np.eye(3)[[0, 1, 2, 0]]
    assert evaluate.metrics(dataset, logits_NO) == {"accuracy": 0.75}


def test_ratings_are_kept_in_their_range_and_liked_from_four():
    dataset = replace(ratings(), test_targets=np.array([1.0, 5.0, 4.0, 3.0]))
    metrics = evaluate.metrics(dataset, np.array([[-3.0], [9.0], [4.0], [4.5]]))
    # errors 0, 0, 0, 1.5 after clipping; of the four (liked, not liked) pairs one, (4.0, 4.5), is in the wrong order
    assert metrics == pytest.approx({"rmse": 0.75, "auc": 0.75})


def test_ranking_of_a_slice_that_is_all_liked_is_chance():
    dataset = replace(ratings(), test_targets=np.array([4.0, 5.0]))
    assert evaluate.metrics(dataset, np.array([[4.0], [5.0]]))["auc"] == 0.5


def test_forecast_error_ranks_the_anomaly():
    dataset = replace(series(), test_targets=np.zeros((4, 1)), test_labels=np.array([0, 1, 0, 0]))
    metrics = evaluate.metrics(dataset, np.array([[0.0], [-2.0], [3.0], [0.0]]))
    # the anomaly's error comes second; the normal points' squares are 0, 9, 0
    assert metrics == {"average_precision": 0.5, "forecast_mse": 3.0}


def test_slice_without_anomalies_has_no_precision():
    dataset = replace(series(), test_targets=np.zeros((2, 1)), test_labels=np.zeros(2))
    assert evaluate.metrics(dataset, np.ones((2, 1))) == {"average_precision": 0.0, "forecast_mse": 1.0}


def test_forecast_data_without_labels_is_refused():
    with pytest.raises(DataError, match="series: has no anomaly labels"):
        evaluate.metrics(replace(series(), test_labels=None), np.ones((16, 1)))
