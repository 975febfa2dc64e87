"""Hand-solved: class 1, 2, 6 and functional 2, 4, 9 at the end, so the differences are 1, 2, 3."""

import math

import pytest

from pipeline.records import TrainEvidence
from pipeline.tensorboard.layout import layout
from pipeline.tensorboard.seeds import runs_over_seeds

Seeds = tuple[TrainEvidence, ...]


def test_arm_over_seeds_is_its_mean_between_lowest_and_highest(three_seeds: Seeds) -> None:
    found = runs_over_seeds(three_seeds)

    assert [found[f"class/{line}"]["train_loss"] for line in ("mean", "low", "high")] == [
        {1: 8.0, 2: 3.0},
        {1: 8.0, 2: 1.0},
        {1: 8.0, 2: 6.0},
    ]


def test_difference_is_paired_with_students_interval(three_seeds: Seeds) -> None:
    found = runs_over_seeds(three_seeds)
    mean, low, high = (found[f"difference/{line}"]["difference/train_loss"] for line in ("mean", "low", "high"))

    reach = 4.302653 / math.sqrt(3)  # the t quantile for 2 degrees of freedom; the deviation of 1, 2, 3 is 1
    assert mean == {1: 0.0, 2: 2.0}
    assert low == {1: 0.0, 2: pytest.approx(2.0 - reach, abs=1e-5)}
    assert high == {1: 0.0, 2: pytest.approx(2.0 + reach, abs=1e-5)}


def test_one_seed_is_its_own_band(evidence: TrainEvidence) -> None:
    found = runs_over_seeds([evidence])

    assert found["class/low"] == found["class/mean"] == found["class/high"]


def test_lines_of_every_band_are_in_one_run(three_seeds: Seeds) -> None:
    found = runs_over_seeds(three_seeds)

    assert found["."]["bands/train_loss/candidate/low"] == found["functional/low"]["train_loss"]
    assert len(found["."]) == 9 * len(found["class/mean"])


def test_every_line_of_a_chart_is_in_the_run_of_bands(three_seeds: Seeds) -> None:
    found = runs_over_seeds(three_seeds)
    charts = [chart.margin for group in layout(found["class/mean"]).category for chart in group.chart]

    named = {tag for chart in charts for one in chart.series for tag in (one.value, one.lower, one.upper)}
    assert named == set(found["."])


def test_loss_is_the_first_chart_that_tensorboard_shows() -> None:
    assert layout(["train_loss", "rmse"]).category[0].chart[-1].title == "train_loss"
