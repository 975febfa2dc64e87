from dataclasses import replace

import numpy as np
import pytest
from small_data import digits, ratings, series

from pipeline.errors import DataError
from pipeline.records import Examples
from pipeline.training import evaluate


def held_out(dataset, targets, labels=None):
    return replace(dataset, test=Examples({}, targets, labels))


def test_accuracy_is_the_share_of_right_classes():
    dataset = held_out(digits(), np.array([0, 1, 2, 2]))
    logits_NO = np.eye(3)[[0, 1, 2, 0]]
    assert evaluate.metrics(dataset, logits_NO) == {"accuracy": 0.75}


def test_ratings_are_kept_in_their_range_and_liked_from_four():
    dataset = held_out(ratings(), np.array([1.0, 5.0, 4.0, 3.0]))
    metrics = evaluate.metrics(dataset, np.array([[-3.0], [9.0], [4.0], [4.5]]))
    # errors 0, 0, 0, 1.5 after clipping; of the four (liked, not liked) pairs one, (4.0, 4.5), is in the wrong order
    assert metrics == pytest.approx({"rmse": 0.75, "auc": 0.75})


def test_ranking_of_a_slice_that_is_all_liked_is_chance():
    dataset = held_out(ratings(), np.array([4.0, 5.0]))
    assert evaluate.metrics(dataset, np.array([[4.0], [5.0]]))["auc"] == 0.5


def test_forecast_error_ranks_the_anomaly():
    dataset = held_out(series(), np.zeros((4, 1)), np.array([0, 1, 0, 0]))
    metrics = evaluate.metrics(dataset, np.array([[0.0], [-2.0], [3.0], [0.0]]))
    # the anomaly's error comes second, one point before the largest; the normal points' squares are 0, 9, 0
    assert metrics == {"average_precision": 0.5, "forecast_mse": 3.0, "peak_distance": 1.0}


def test_slice_without_anomalies_has_no_precision_and_a_peak_as_far_off_as_can_be():
    dataset = held_out(series(), np.zeros((2, 1)), np.zeros(2))
    expected = {"average_precision": 0.0, "forecast_mse": 1.0, "peak_distance": 2.0}
    assert evaluate.metrics(dataset, np.ones((2, 1))) == expected


def test_peak_inside_an_anomaly_has_no_distance_and_one_outside_that_to_its_nearer_end():
    labels = np.array([0, 1, 1, 0, 0, 0])
    dataset = held_out(series(), np.zeros((6, 1)), labels)
    assert [evaluate.metrics(dataset, np.eye(6)[[at]].T)["peak_distance"] for at in range(6)] == [1, 0, 0, 1, 2, 3]


def test_forecast_data_without_labels_is_refused():
    with pytest.raises(DataError, match="series: has no anomaly labels"):
        evaluate.metrics(held_out(series(), np.zeros((16, 1))), np.ones((16, 1)))


def test_clicks_are_ranked_and_said_yes_to_above_a_logit_of_0():
    dataset = held_out(replace(digits(), task="binary"), np.array([0, 1, 1, 0]))
    # of the four (click, no click) pairs one, (-1.0, 0.5), is in the wrong order
    metrics = evaluate.metrics(dataset, np.array([[-2.0], [3.0], [-1.0], [0.5]]))
    assert metrics == {"auc": 0.75, "accuracy": 0.5}
